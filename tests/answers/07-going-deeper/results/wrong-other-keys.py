# Other names for the keys.
# loses: results-form, results-design, results-measured
# cause: the keys in results
results = [
    {"name": change, "seed": seed, "accuracy": 0.7 + 0.01 * seed + 0.001 * len(change)}
    for change in ("baseline", "batch norm", "dropout", "stride")
    for seed in range(3)
]
