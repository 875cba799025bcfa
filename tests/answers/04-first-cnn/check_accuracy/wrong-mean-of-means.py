# Half right: the mean of the batches' accuracies.
# loses: check_accuracy-partial
# cause: the mean of the batches' accuracies
def check_accuracy(loader, model, device):
    training = model.training
    model.eval()
    num_correct = 0
    num_samples = 0
    with torch.no_grad():
        for x, y in loader:
            x = x.to(device)
            y = y.to(device)
            scores = model(x)
            _, predictions = scores.max(1)
            num_correct += (predictions == y).double().mean().item()
            num_samples += 1
    model.train(training)
    return num_correct / num_samples
