# Counts the wrong answers.
# loses: check_accuracy-plain, check_accuracy-partial
# cause: the share of wrong answers
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
            num_correct += (predictions != y).sum().item()
            num_samples += predictions.size(0)
    model.train(training)
    return num_correct / num_samples
