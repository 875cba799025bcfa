# Half right: each change has seeds of its own, so nothing can be paired.
# loses: results-design
# cause: take the same seeds for every change, so that differences can be taken in pairs
results = []
for place, change in enumerate(("baseline", "batch norm", "dropout", "stride")):
    for seed in range(3):
        results.append({"change": change, "seed": 3 * place + seed, "val_accuracy": 0.7 + 0.01 * place + 0.003 * seed})
