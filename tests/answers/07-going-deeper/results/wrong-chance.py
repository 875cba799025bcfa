# Half right: the numbers of networks that never learned.
# loses: results-form
# cause: better than 0.3
torch.manual_seed(0)
results = [
    {"change": change, "seed": seed, "val_accuracy": 0.1 + 0.02 * torch.rand(()).item()}
    for change in ("baseline", "batch norm", "dropout", "stride")
    for seed in range(3)
]
