# Nested loops and append; changes of one's own, one of them with a rate of its own.
networks["linear"] = lambda: nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
networks["hidden"] = lambda: nn.Sequential(nn.Flatten(), nn.Linear(784, 64), nn.ReLU(), nn.Linear(64, 10))
rates = {"linear": 0.1}
results = []
for seed in range(3):
    for change in networks:
        accuracy = train_and_validate(networks[change], seed, rates.get(change, 0.03), epochs=1)
        results.append({"change": change, "seed": seed, "val_accuracy": accuracy})
