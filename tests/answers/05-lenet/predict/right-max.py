# softmax with max, modes in a dict, batch axis by indexing with None.
def predict(model, image):
    before = {name: module.training for name, module in model.named_modules()}
    model.eval()
    try:
        with torch.no_grad():
            probability, label = torch.softmax(model(image[None]), dim=1).max(dim=1)
    finally:
        for name, module in model.named_modules():
            module.train(before[name]) if not list(module.children()) else setattr(module, "training", before[name])
    return int(label), float(probability)
