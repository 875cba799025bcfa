# The shift as a matrix with ones beside its diagonal.
def accuracy_under_shift(model, images, labels, pixels):
    width = images.size(-1)
    result = []
    with torch.inference_mode():
        for p in pixels:
            matrix = torch.diag(torch.ones(max(width - p, 0), dtype=images.dtype), p) if p < width else torch.zeros(
                width, width, dtype=images.dtype)
            result.append(float(torch.mean(torch.eq(model(images @ matrix).max(1).indices, labels).float())))
    return result
