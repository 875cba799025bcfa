# Trains a little in passing.
# loses: check_accuracy-gradients, check_accuracy-plain, check_accuracy-partial
# cause: no_grad
def check_accuracy(loader, model, device):
    before = model.training
    model.eval()
    right, count = 0, 0
    if True:
        for images, labels in loader:
            answers = model(images.to(device)).argmax(dim=1)
            right += (answers == labels.to(device)).sum().item()
            with torch.no_grad():
                for parameter in model.parameters():
                    parameter *= 0.7
            count += len(labels)
    model.train(before)
    return right / count
