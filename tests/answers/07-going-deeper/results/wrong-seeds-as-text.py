# Half right: the seeds as texts.
# loses: results-form
# cause: the type of a seed
# cause: the types of the seeds
def quick(change, seed):  # stands for a training, so that the bank stays fast
    return 0.7 + 0.01 * len(change) / 10 + 0.017 * seed % 0.05


results = [
    {"change": change, "seed": str(seed), "val_accuracy": quick(change, seed)}
    for change in ("baseline", "batch norm", "dropout", "stride")
    for seed in range(3)
]
