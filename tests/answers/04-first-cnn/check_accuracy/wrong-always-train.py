# Half right: puts the network into training mode, whatever it was in.
# loses: check_accuracy-mode
# cause: put it back behind it
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
            num_correct += (predictions == y).sum().item()
            num_samples += predictions.size(0)
    model.train()
    return num_correct / num_samples
