# inference_mode as a decorator; answers compared on the CPU, all at once.
@torch.inference_mode()
def check_accuracy(batches, net, dev):
    before = net.training
    net.train(False)
    right = [net(images.to(dev)).argmax(dim=-1).cpu() == labels for images, labels in batches]
    net.train(before)
    return torch.cat(right).double().mean()
