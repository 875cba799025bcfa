# Returns the last batch's loss.
# loses: train_loop-mean
# cause: last batch alone
def train_loop(loader, model, loss_fn, optimizer):
    model.train()
    for x, y in loader:
        optimizer.zero_grad()
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.step()
    return loss.item()


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
