# Sorts the logits; a product that is zero where the answer is right.
def check_accuracy(loader, model, device):
    before = model.training
    model.eval()
    right, count = 0, 0
    with torch.no_grad():
        for images, labels in loader:
            answers = model(images.to(device)).sort(1, descending=True).indices[:, 0]
            right += len(labels) - (answers - labels.to(device)).count_nonzero().item()
            count += len(labels)
    model.train(before)
    return right / count
