# return stands inside the loop.
# loses: check_accuracy-plain, check_accuracy-partial, check_accuracy-mode
# cause: is `return` inside the loop
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
            return num_correct / num_samples
