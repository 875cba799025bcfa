# Restores the modes of the model's own children only.
# loses: predict-modes
# cause: left in evaluation mode
# cause: not undone
def predict(model, image):
    modes = [(layer, layer.training) for layer in model.children()]
    model.eval()
    with torch.no_grad():
        p = model(image[None])[0].softmax(0)
    for layer, training in modes:
        layer.training = training
    return p.argmax().item(), p.max().item()
