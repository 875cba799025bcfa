# One comprehension; zeros joined in front.
def accuracy_under_shift(model, images, labels, pixels):
    width = images.shape[-1]
    return [
        (model(torch.cat([torch.zeros_like(images[..., :1]).expand(*images.shape[:-1], p), images], -1).narrow(-1, 0, width))
         .argmax(dim=-1) == labels).sum().item() / len(labels)
        for p in pixels
    ]
