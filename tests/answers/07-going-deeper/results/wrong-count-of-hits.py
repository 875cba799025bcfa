# Half right: the number of hits, of a thousand.
# loses: results-form
# cause: is above 1
# cause: are at most 1
def quick(change, seed):  # stands for a training, so that the bank stays fast
    return 0.7 + 0.01 * len(change) / 10 + 0.017 * seed % 0.05


results = [
    {"change": change, "seed": seed, "val_accuracy": round(1000 * quick(change, seed))}
    for change in ("baseline", "batch norm", "dropout", "stride")
    for seed in range(3)
]
