# Half right: three changes only, with four seeds.
# loses: results-design
# cause: four changes or more
def quick(change, seed):  # stands for a training, so that the bank stays fast
    return 0.7 + 0.01 * len(change) / 10 + 0.017 * seed % 0.05


results = [
    {"change": change, "seed": seed, "val_accuracy": quick(change, seed)}
    for change in ("baseline", "batch norm", "dropout")
    for seed in range(4)
]
