# Measures all losses behind the loop, with the last weights.
# loses: train_loop-mean
# cause: behind the loop
def train_loop(loader, model, loss_fn, optimizer):
    model.train()
    for x, y in loader:
        optimizer.zero_grad()
        loss_fn(model(x), y).backward()
        optimizer.step()
    with torch.no_grad():
        pairs = [(loss_fn(model(x), y).item(), len(y)) for x, y in loader]
    return sum(loss * n for loss, n in pairs) / sum(n for _, n in pairs)


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
