# A sigmoid for each class.
# loses: predict-plain
# cause: sigmoid
def predict(model, image):
    modes = [(layer, layer.training) for layer in model.modules()]
    model.eval()
    with torch.no_grad():
        p = model(image[None])[0].sigmoid()
    for layer, training in modes:
        layer.training = training
    return p.argmax().item(), p.max().item()
