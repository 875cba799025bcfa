# Half right: nothing to compare with.
# loses: results-design
# cause: whether 'baseline' is among the changes
def quick(change, seed):  # stands for a training, so that the bank stays fast
    return 0.7 + 0.01 * len(change) / 10 + 0.017 * seed % 0.05


results = [
    {"change": change, "seed": seed, "val_accuracy": quick(change, seed)}
    for change in ("batch norm", "dropout", "stride", "third convolution")
    for seed in range(3)
]
