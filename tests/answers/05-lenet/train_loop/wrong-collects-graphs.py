# Collects the losses in a list, with their graphs.
# loses: train_loop-learns
# cause: graphs
def train_loop(loader, model, loss_fn, optimizer):
    model.train()
    losses, sizes = [], []
    for x, y in loader:
        optimizer.zero_grad()
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss)
        sizes.append(len(y))
    return float(sum(loss * n for loss, n in zip(losses, sizes)) / sum(sizes))


def test_loop(loader, model, loss_fn):
    model.eval()
    loss, hits, seen = 0.0, 0, 0
    with torch.no_grad():
        for x, y in loader:
            logits = model(x)
            loss += loss_fn(logits, y).item() * len(y)
            hits += (logits.argmax(1) == y).sum().item()
            seen += len(y)
    return loss / seen, hits / seen
