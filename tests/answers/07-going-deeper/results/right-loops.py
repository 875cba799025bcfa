# Nested loops and append; four seeds.
results = []
for seed in range(3):
    for change in ["baseline", "batch norm", "stride", "dropout"]:
        accuracy = train_and_validate(change, seed)
        results.append({"change": change, "seed": seed, "val_accuracy": accuracy})
