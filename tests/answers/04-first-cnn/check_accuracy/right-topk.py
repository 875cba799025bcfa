# Probabilities and topk; try and finally around the loop.
def check_accuracy(loader, model, device):
    was_training = model.training
    model.eval()
    try:
        hits = torch.zeros((), dtype=torch.long)
        for images, labels in loader:
            with torch.set_grad_enabled(False):
                probabilities = F.softmax(model(images.to(device)), dim=1)
            best = probabilities.topk(1, dim=1).indices.squeeze(1)
            hits += best.eq(labels.to(device)).sum().cpu()
    finally:
        model.train() if was_training else model.eval()
    return hits.item() / len(loader.dataset)
