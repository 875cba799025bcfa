# numpy counts.
def check_accuracy(loader, model, device):
    before = model.training
    model.eval()
    right, count = 0, 0
    with torch.no_grad():
        for images, labels in loader:
            answers = model(images.to(device)).cpu().numpy().argmax(1)
            right += int((answers == labels.numpy()).sum())
            count += len(labels)
    model.train(before)
    return right / count
