# Friendly weights in a copy: all positive, no bias; a row of ones against zeros.
def measured_receptive_field(model, input_size):
    friendly = copy.deepcopy(model).eval()
    with torch.no_grad():
        for parameter in friendly.parameters():
            parameter.fill_(0.0 if parameter.dim() == 1 else 1.0)
        for layer in friendly.modules():
            if isinstance(layer, nn.BatchNorm2d):
                layer.weight.fill_(1.0)
        H, W = input_size
        spans = []
        for size, image_of in ((H, lambda i: (i, slice(None))), (W, lambda i: (slice(None), i))):
            hits = []
            for i in range(size):
                image = torch.zeros(1, 1, H, W)
                image[0, 0][image_of(i)] = 1.0
                out = friendly(image)[0]
                if out[:, out.shape[1] // 2, out.shape[2] // 2].sum() > 0:
                    hits.append(i)
            spans.append(hits[-1] - hits[0] + 1)
    return tuple(spans)
