# Comprehensions; the sums as tensors; a function of its own for one step; zero_grad of the model behind the step.
def one_step(model, loss_fn, optimizer, images, labels):
    loss = loss_fn(model(images), labels)
    loss.backward()
    optimizer.step()
    model.zero_grad()
    return loss.detach() * len(labels)


def train_loop(loader, model, loss_fn, optimizer):
    model.train()
    model.zero_grad()
    pairs = [(one_step(model, loss_fn, optimizer, *batch), len(batch[1])) for batch in loader]
    return float(sum(loss for loss, _ in pairs) / sum(count for _, count in pairs))


@torch.no_grad()
def test_loop(loader, model, loss_fn):
    model.train(False)
    rows = [(loss_fn(z, y) * len(y), (z.argmax(-1) == y).sum(), len(y)) for z, y in ((model(x), y) for x, y in loader)]
    losses, hits, counts = (sum(column) for column in zip(*rows))
    return float(losses) / counts, float(hits) / counts
