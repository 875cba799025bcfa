# Half right: trained once, written down for three seeds.
# loses: results-measured
# cause: one training was copied for all seeds
def quick(change, seed):  # stands for a training, so that the bank stays fast
    return 0.7 + 0.01 * len(change) / 10 + 0.017 * seed % 0.05


results = []
for change in ("baseline", "batch norm", "dropout", "stride"):
    accuracy = quick(change, 0)
    for seed in range(3):
        results.append({"change": change, "seed": seed, "val_accuracy": accuracy})
