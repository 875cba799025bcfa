# The product of a tensor of sizes, as a 0-d tensor.
def parameter_count(in_channels, out_channels, kernel_size, bias=True):
    weights = torch.tensor([out_channels, in_channels, kernel_size, kernel_size]).prod()
    return weights + out_channels if bias else weights
