# Freezes the network in place of no_grad.
# loses: check_accuracy-gradients
# cause: never taken back
# cause: no_grad
def check_accuracy(loader, model, device):
    before = model.training
    model.eval()
    right, count = 0, 0
    model.requires_grad_(False)
    if True:
        for images, labels in loader:
            answers = model(images.to(device)).argmax(dim=1)
            right += (answers == labels.to(device)).sum().item()
            count += len(labels)
    model.train(before)
    return right / count
