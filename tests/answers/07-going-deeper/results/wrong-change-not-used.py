# Half right: every row is the baseline under another name.
# loses: results-measured
# cause: two changes have the same numbers, seed by seed: did the change reach the training?
def quick(change, seed):  # stands for a training, so that the bank stays fast
    return 0.7 + 0.01 * len(change) / 10 + 0.017 * seed % 0.05


results = [
    {"change": change, "seed": seed, "val_accuracy": quick("baseline", seed)}
    for change in ("baseline", "batch norm", "dropout", "stride")
    for seed in range(3)
]
