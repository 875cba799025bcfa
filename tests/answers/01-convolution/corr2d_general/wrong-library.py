# PyTorch's own convolution.
# loses: corr2d_general-padding, corr2d_general-stride, corr2d_general-dilation, corr2d_general-together
# cause: are blocked here
def corr2d_general(x, kernel, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    return F.conv2d(x[None, None], kernel[None, None], stride=stride, padding=padding, dilation=dilation)[0, 0]
