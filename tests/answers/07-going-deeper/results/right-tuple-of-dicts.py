# A tuple of dicts, numbers of a training that was done before, a fourth seed for one change.
measured = {
    "baseline": (0.71, 0.68, 0.69), "stack": (0.5, 0.61, 0.44), "stride": (0.7, 0.66, 0.72), "dropout": (0.69, 0.7, 0.73, 0.66),
}
results = tuple(
    {"val_accuracy": value, "seed": seed, "change": name} for name, values in measured.items() for seed, value in enumerate(values)
)
