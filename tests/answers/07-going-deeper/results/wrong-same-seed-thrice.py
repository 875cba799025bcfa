# Half right: three trainings, all with the same seed.
# loses: results-design, results-measured
# cause: the same seed again is the same training again
# cause: one training was copied for all seeds
def quick(change, seed):  # stands for a training, so that the bank stays fast
    return 0.7 + 0.01 * len(change) / 10 + 0.017 * seed % 0.05


results = [
    {"change": change, "seed": 1, "val_accuracy": quick(change, 1)}
    for change in ("baseline", "batch norm", "dropout", "stride")
    for _ in range(3)
]
