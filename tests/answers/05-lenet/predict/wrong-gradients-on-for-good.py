# Switches gradients on at the end, whatever they were.
# loses: predict-no-gradient
# cause: switched on for good
def predict(model, image):
    modes = [(layer, layer.training) for layer in model.modules()]
    model.eval()
    torch.set_grad_enabled(False)
    p = model(image[None])[0].softmax(0)
    torch.set_grad_enabled(True)
    for layer, training in modes:
        layer.training = training
    return p.argmax().item(), p.max().item()
