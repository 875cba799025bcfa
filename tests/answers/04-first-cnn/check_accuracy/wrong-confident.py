# Counts confident answers only.
# loses: check_accuracy-plain, check_accuracy-partial
def check_accuracy(loader, model, device):
    before = model.training
    model.eval()
    right, count = 0, 0
    with torch.no_grad():
        for images, labels in loader:
            best, answers = model(images.to(device)).softmax(1).max(1)
            right += ((answers == labels.to(device)) & (best > 0.6)).sum().item()
            count += len(labels)
    model.train(before)
    return right / count
