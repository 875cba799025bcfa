# Own experiment: the learning rate of a linear classifier, as 0-d tensors.
def run(learning_rate, seed):
    torch.manual_seed(seed)
    net = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
    optimizer = torch.optim.Adam(net.parameters(), lr=learning_rate)
    pair = garments.data[:600], garments.targets[:600]
    for images, labels in TensorLoader(pair, 20, shuffle=True, seed=seed, **scale):
        optimizer.zero_grad()
        F.cross_entropy(net(images), labels).backward()
        optimizer.step()
    with torch.no_grad():
        hits = [(net(images).argmax(1) == labels).double().mean() for images, labels in unseen]
    return sum(hits) / len(hits)


rates = {"baseline": 1e-3, "three times": 3e-3, "a third": 3e-4, "thirty times": 3e-2}
results = [
    dict(change=name, seed=seed, val_accuracy=run(rate, seed)) for name, rate in rates.items() for seed in (5, 11, 42)
]
