# One seed for each change.
# loses: results-form, results-design, results-measured
# cause: three seeds or more
def quick(change, seed):  # stands for a training, so that the bank stays fast
    return 0.7 + 0.01 * len(change) / 10 + 0.017 * seed % 0.05


results = [
    {"change": change, "seed": 0, "val_accuracy": quick(change, 0)}
    for change in ("baseline", "batch norm", "dropout", "stride")
]
