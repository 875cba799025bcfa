# Switches gradients off, and not on again.
# loses: check_accuracy-gradients
# cause: never taken back
def check_accuracy(loader, model, device):
    before = model.training
    model.eval()
    right, count = 0, 0
    torch.set_grad_enabled(False)
    if True:
        for images, labels in loader:
            answers = model(images.to(device)).argmax(dim=1)
            right += (answers == labels.to(device)).sum().item()
            count += len(labels)
    model.train(before)
    return right / count
