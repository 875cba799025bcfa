# PyTorch's own convolution.
# loses: corr2d-square, corr2d-nonsquare
# cause: are blocked here
def corr2d(x, kernel):
    return torch.nn.functional.conv2d(x[None, None], kernel[None, None])[0, 0]
