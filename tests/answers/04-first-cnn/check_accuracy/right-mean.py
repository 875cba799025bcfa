# All answers, then one mean in float32.
def check_accuracy(loader, model, device):
    before = model.training
    model.eval()
    hits = []
    with torch.no_grad():
        for images, labels in loader:
            answers = model(images.to(device)).argmax(dim=1)
            hits += (answers.cpu() == labels).tolist()
    model.train(before)
    return torch.tensor(hits, dtype=torch.float64).mean().item()
