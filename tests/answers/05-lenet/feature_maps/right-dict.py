# A named hook that fills a dict; try and finally for hook and modes; no helper.
def feature_maps(model, layer, image):
    found = {}

    def keep(module, args, result):
        found["maps"] = result.detach().clone()

    modes = {module: module.training for module in model.modules()}
    hook = layer.register_forward_hook(keep)
    try:
        model.eval()
        with torch.no_grad():
            model(image[None])
    finally:
        hook.remove()
        for module, mode in modes.items():
            module.training = mode
    return found["maps"].squeeze(0)
