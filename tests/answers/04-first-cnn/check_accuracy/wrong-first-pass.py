# Counts the first batch twice.
# loses: check_accuracy-plain, check_accuracy-partial
def check_accuracy(loader, model, device):
    before = model.training
    model.eval()
    right, count = 0, 0
    with torch.no_grad():
        for images, labels in [next(iter(loader)), *loader]:
            answers = model(images.to(device)).argmax(dim=1)
            right += (answers == labels.to(device)).sum().item()
            count += len(labels)
    model.train(before)
    return right / count
