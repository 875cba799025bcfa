# A closure for the optimizer; sums as tensors; zero_grad of the model.
def train_one_epoch(net, batches, loss_fn, opt, dev):
    net.train(True)
    losses, sizes = [], []
    for i, batch in enumerate(batches):
        x, y = (tensor.to(dev, non_blocking=True) for tensor in batch)

        def closure():
            net.zero_grad()
            loss = loss_fn(net(x), y)
            loss.backward()
            return loss

        losses.append(opt.step(closure).detach() * y.shape[0])
        sizes.append(y.shape[0])
    return float(torch.stack(losses).sum() / sum(sizes))
