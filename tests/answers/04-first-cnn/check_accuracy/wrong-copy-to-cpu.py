# Moves the images to the CPU, where the network is not.
# loses: check_accuracy-device
# cause: not the device that the function was given
def check_accuracy(loader, model, device):
    before = model.training
    model.eval()
    right, count = 0, 0
    with torch.no_grad():
        for images, labels in loader:
            answers = model(images.to('cpu')).argmax(dim=1)
            right += (answers == labels.to(device)).sum().item()
            count += len(labels)
    model.train(before)
    return right / count
