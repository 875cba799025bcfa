# The length over the channels, not the maximum.
# loses: saliency-values
# cause: the length over the channels
def saliency(model, image, target):
    pixels = image.detach().clone().requires_grad_()
    with evaluation_mode(model):
        logit = model(pixels.unsqueeze(0))[0, target]
    (gradient,) = torch.autograd.grad(logit, pixels)
    size = gradient.norm(dim=0)
    return size / size.max() if size.any() else size


def grad_cam(model, layer, image, target):
    kept = []
    pixels = image.detach().clone().requires_grad_()
    with layer.register_forward_hook(lambda layer, inputs, output: kept.append(output)), evaluation_mode(model):
        logit = model(pixels.unsqueeze(0))[0, target]
    (gradient,) = torch.autograd.grad(logit, kept[0])
    weights = gradient.mean(dim=(2, 3), keepdim=True)
    evidence = (weights * kept[0].detach()).sum(dim=1, keepdim=True).relu()
    large = F.interpolate(evidence, size=image.shape[1:], mode="bilinear", align_corners=False)[0, 0]
    return large / large.max() if large.any() else large
