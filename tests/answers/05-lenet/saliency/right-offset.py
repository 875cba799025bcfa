# Saliency for a whole batch axis at once; Grad-CAM by an offset that a hook adds to the maps.
def saliency(model, image, target):
    batch = image.detach().clone()[None].requires_grad_()
    with evaluation_mode(model):
        scores = model(batch)
    size = torch.autograd.grad(scores[:, target].sum(), batch)[0][0].abs().max(dim=0).values
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
