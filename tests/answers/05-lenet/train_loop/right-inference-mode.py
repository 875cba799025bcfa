# inference_mode, autograd.grad written into .grad, statistics.fmean with weights.
import statistics


def train_loop(loader, model, loss_fn, optimizer):
    losses, sizes = [], []
    for images, labels in loader:
        model.train(True)
        loss = loss_fn(model(images), labels)
        optimizer.zero_grad(set_to_none=False)
        loss.backward()
        optimizer.step()
        losses.append(float(loss))
        sizes.append(labels.shape[0])
    return statistics.fmean(losses, weights=sizes)


def test_loop(loader, model, loss_fn):
    model.eval()
    losses, sizes, right = [], [], 0
    with torch.inference_mode():
        for images, labels in loader:
            logits = model(images)
            losses.append(float(loss_fn(logits, labels)))
            sizes.append(labels.numel())
            right += int(torch.count_nonzero(logits.max(dim=1).indices == labels))
    return statistics.fmean(losses, weights=sizes), right / sum(sizes)
