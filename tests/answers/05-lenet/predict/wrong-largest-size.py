# The logit of the largest size, whatever its sign.
# loses: predict-plain
# cause: not the largest size
def predict(model, image):
    modes = [(layer, layer.training) for layer in model.modules()]
    model.eval()
    with torch.no_grad():
        z = model(image[None])[0]
        best = z.abs().argmax()
    for layer, training in modes:
        layer.training = training
    return best.item(), z.softmax(0)[best].item()
