# Half right: the result still hangs in the graph.
# loses: saliency-cam-clean
# cause: detach() is missing
# cause: requires_grad of the result
def saliency(model, image, target):
    pixels = image.detach().clone().requires_grad_()
    with evaluation_mode(model):
        logit = model(pixels.unsqueeze(0))[0, target]
    (gradient,) = torch.autograd.grad(logit, pixels)
    return to_maximum_one(gradient.abs().amax(dim=0))


def grad_cam(model, layer, image, target):
    kept = []
    handle = layer.register_forward_hook(lambda layer, inputs, output: kept.append(output))
    pixels = image.detach().clone().requires_grad_()
    try:
        with evaluation_mode(model):
            logit = model(pixels.unsqueeze(0))[0, target]
    finally:
        handle.remove()
    (gradient,) = torch.autograd.grad(logit, kept[0])
    weights = gradient.mean(dim=(2, 3), keepdim=True)
    evidence = (weights * kept[0]).sum(dim=1, keepdim=True).relu()
    evidence = F.interpolate(evidence, size=image.shape[1:], mode="bilinear", align_corners=False)
    return to_maximum_one(evidence[0, 0])


def to_maximum_one(values):
    largest = values.max()
    return values / largest if largest > 0 else values
