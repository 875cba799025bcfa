# The handle as a context manager, which removes the hook at the block's end.
@torch.no_grad()
def feature_maps(model, layer, image):
    maps = []
    with layer.register_forward_hook(lambda m, i, o: maps.append(o[0].clone())), evaluation_mode(model):
        model(torch.stack([image]))
    return maps[-1]
