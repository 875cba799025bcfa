# Copies the training loop into the test: it steps on the test images.
# loses: train_loop-test-values, train_loop-test-clean
# cause: stay as they were
# cause: no_grad():` around the loop is missing
def train_loop(loader, model, loss_fn, optimizer):
    model.train()
    total, seen = 0.0, 0
    for x, y in loader:
        optimizer.zero_grad()
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(y)
        seen += len(y)
    return total / seen


def test_loop(loader, model, loss_fn):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    model.eval()
    loss, hits, seen = 0.0, 0, 0
    for x, y in loader:
        logits = model(x)
        batch_loss = loss_fn(logits, y)
        optimizer.zero_grad()
        batch_loss.backward()
        optimizer.step()
        loss += batch_loss.item() * len(y)
        hits += (logits.argmax(1) == y).sum().item()
        seen += len(y)
    return loss / seen, hits / seen
