# enumerate, set_to_none, zero_grad at the end, inference_mode, lists of losses.
def train_loop(loader, model, loss_fn, optimizer):
    model.train(True)
    optimizer.zero_grad(set_to_none=True)
    sums, counts = [], []
    for _, (X, y) in enumerate(loader):
        pred = model(X)
        loss = loss_fn(pred, y)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        sums.append(loss.detach() * X.shape[0])
        counts.append(X.shape[0])
    return float(sum(sums)) / sum(counts)


def test_loop(loader, model, loss_fn):
    model.eval()
    size = len(loader.dataset)
    with torch.inference_mode():
        outcome = [(loss_fn(model(X), y) * len(y), (model(X).argmax(1) == y).float().sum()) for X, y in loader]
    return float(sum(loss for loss, _ in outcome)) / size, float(sum(hits for _, hits in outcome)) / size
