# A chain rule by hand: the logit as a function of the pixels, and of an offset that is added to the maps.
def saliency(model, image, target):
    with evaluation_mode(model):
        jacobian = torch.func.grad(lambda x: model(x[None])[0, target])(image)
    size = jacobian.detach().abs().max(dim=0).values
    return size / (size.max() if size.max() > 0 else 1)


def grad_cam(model, layer, image, target):
    seen = {}

    def hook(layer, inputs, output):
        seen["maps"] = output.detach()
        seen["offset"] = torch.zeros_like(output).requires_grad_()
        return output + seen["offset"]

    with evaluation_mode(model), layer.register_forward_hook(hook):
        logit = model(image.detach()[None])[0][target]
    (slope,) = torch.autograd.grad(logit, seen["offset"])
    weights = slope.flatten(2).mean(2)
    cam = torch.einsum("nc,nchw->nhw", weights, seen["maps"]).clamp_min(0)
    cam = F.interpolate(cam[None], tuple(image.shape[-2:]), mode="bilinear")[0, 0]
    return cam / cam.max().clamp_min(torch.finfo(cam.dtype).tiny)
