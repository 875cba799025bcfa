# Half right: never switches to evaluation mode.
# loses: check_accuracy-mode
# cause: `model.eval()` is missing
def check_accuracy(loader, model, device):
    training = model.training
    num_correct = 0
    num_samples = 0
    with torch.no_grad():
        for x, y in loader:
            x = x.to(device)
            y = y.to(device)
            scores = model(x)
            _, predictions = scores.max(1)
            num_correct += (predictions == y).sum().item()
            num_samples += predictions.size(0)
    model.train(training)
    return num_correct / num_samples
