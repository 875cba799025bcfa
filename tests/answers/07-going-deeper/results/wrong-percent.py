# Half right: accuracies in per cent.
# loses: results-form
# cause: these are percentages: 71 % is 0.71
# cause: this is a percentage: 71 % is 0.71
def quick(change, seed):  # stands for a training, so that the bank stays fast
    return 0.7 + 0.01 * len(change) / 10 + 0.017 * seed % 0.05


results = [
    {"change": change, "seed": seed, "val_accuracy": 100 * quick(change, seed)}
    for change in ("baseline", "batch norm", "dropout", "stride")
    for seed in range(3)
]
