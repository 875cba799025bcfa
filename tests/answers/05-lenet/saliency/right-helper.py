# One helper for both, retain_grad and the hook as a context manager; modes by hand.
def heat(map_):
    peak = map_.max().item()
    return map_ if peak == 0 else map_ / peak


def target_logit(model, image, target):
    x = image.detach().clone()
    x.requires_grad = True
    modes = [(m, m.training) for m in model.modules()]
    try:
        model.eval()
        return x, model(x[None]).squeeze(0)[target]
    finally:
        for m, mode in modes:
            m.training = mode


def saliency(model, image, target):
    x, score = target_logit(model, image, target)
    g = torch.autograd.grad(score, x)[0]
    return heat(g.abs().max(0).values)


def grad_cam(model, layer, image, target):
    box = {}
    with layer.register_forward_hook(lambda m, i, o: box.update(maps=o)):
        _, score = target_logit(model, image, target)
    a = box["maps"]
    g = torch.autograd.grad(score, a)[0]
    alpha = g[0].flatten(1).mean(1)
    cam = torch.einsum("c,chw->hw", alpha, a[0].detach()).clamp(min=0)
    cam = nn.Upsample(size=tuple(image.shape[-2:]), mode="bilinear")(cam[None, None])
    return heat(cam.squeeze(0).squeeze(0))
