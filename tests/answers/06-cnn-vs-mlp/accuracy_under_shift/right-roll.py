# Rolls, then sets the first columns to zero; image by image; 0-d tensors.
def accuracy_under_shift(model, images, labels, pixels):
    def shifted(image, p):
        moved = torch.roll(image, p, dims=-1)
        moved[..., :p] = 0
        return moved

    return [
        torch.stack([model(shifted(x, p)[None]).argmax() == y for x, y in zip(images, labels)]).float().mean()
        for p in pixels
    ]
