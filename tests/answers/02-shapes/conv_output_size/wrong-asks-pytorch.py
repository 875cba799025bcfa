# Runs PyTorch's convolution, which is blocked.
# loses: conv_output_size-plain, conv_output_size-stride, conv_output_size-dilation, conv_output_size-pairs, conv_output_size-too-large
# cause: are blocked here
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    pair = lambda v: v if isinstance(v, tuple) else (v, v)
    layer = nn.Conv2d(1, 1, pair(kernel_size), pair(stride), pair(padding), pair(dilation))
    try:
        shape = tuple(layer(torch.zeros(1, 1, *pair(size))).shape[2:])
    except RuntimeError as error:
        raise ValueError(str(error))
    return shape if any(isinstance(v, tuple) for v in (size, kernel_size, stride, padding, dilation)) else shape[0]
