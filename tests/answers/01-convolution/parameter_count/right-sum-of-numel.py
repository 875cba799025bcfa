# The numbers of a layer's parameters, added up by name.
def parameter_count(in_channels, out_channels, kernel_size, bias=True):
    layer = nn.Conv2d(in_channels, out_channels, kernel_size, bias=bias)
    return sum(tensor.numel() for name, tensor in layer.named_parameters())
