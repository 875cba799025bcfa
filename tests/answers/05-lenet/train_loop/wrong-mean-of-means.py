# Half right: averages the batches' means, in both loops.
# loses: train_loop-mean, train_loop-test-values
# cause: smaller batch must weigh less
def train_loop(loader, model, loss_fn, optimizer):
    model.train()
    losses = []
    for x, y in loader:
        optimizer.zero_grad()
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return sum(losses) / len(losses)


def test_loop(loader, model, loss_fn):
    model.eval()
    loss, hits = 0.0, 0
    with torch.no_grad():
        for x, y in loader:
            logits = model(x)
            loss += loss_fn(logits, y).item()
            hits += (logits.argmax(1) == y).sum().item()
    return loss / len(loader), hits / len(loader.dataset)
