# A batch of two of the same image.
# loses: predict-plain
# cause: the shape of what the model got
def predict(model, image):
    modes = [(layer, layer.training) for layer in model.modules()]
    model.eval()
    with torch.no_grad():
        p = model(torch.stack([image, image]))[0].softmax(0)
    for layer, training in modes:
        layer.training = training
    return p.argmax().item(), p.max().item()
