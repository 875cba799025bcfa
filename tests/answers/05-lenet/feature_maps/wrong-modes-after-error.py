# Puts the modes back only if all went well.
# loses: feature_maps-modes
# cause: after an error
def feature_maps(model, layer, image):
    kept = []
    modes = [(m, m.training) for m in model.modules()]
    model.eval()
    with torch.no_grad(), layer.register_forward_hook(lambda layer, inputs, output: kept.append(output.clone())):
        model(image.unsqueeze(0))
    for m, training in modes:
        m.training = training
    return kept[0][0]
