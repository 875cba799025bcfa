# A closure for the optimizer, the model's zero_grad, a decorator in the test.
def train_loop(loader, model, loss_fn, optimizer):
    model.train()
    total = torch.zeros(())
    for batch in loader:
        images, labels = batch

        def closure():
            model.zero_grad()
            loss = loss_fn(model(images), labels)
            loss.backward()
            return loss

        total = total + optimizer.step(closure).detach() * len(images)
    return (total / len(loader.dataset)).item()


@torch.no_grad()
def test_loop(loader, model, loss_fn):
    was_training = model.training
    model.eval()
    logits, labels, losses = [], [], []
    for x, y in loader:
        logits.append(model(x))
        labels.append(y)
        losses.extend([loss_fn(logits[-1], y).item()] * len(y))
    model.train(was_training)
    hits = torch.cat(logits).argmax(1).eq(torch.cat(labels))
    return sum(losses) / len(losses), hits.double().mean().item()
