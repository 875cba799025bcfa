# Tuples in place of dicts.
# loses: results-form, results-design, results-measured
# cause: the types of what is in results
results = [
    (change, seed, 0.7 + 0.01 * seed + 0.001 * len(change))
    for change in ("baseline", "batch norm", "dropout", "stride")
    for seed in range(3)
]
