# A function that returns the layer, and the formula written out.
def Downsample(kind, channels):
    return {"max": nn.MaxPool2d(2), "stride": nn.Conv2d(channels, channels, 3, 2, 1, bias=False)}[kind]


def multiply_adds(layer, in_shape):
    match layer:
        case nn.Conv2d():
            _, height, width = in_shape
            sizes = []
            for size, k, s, p, d in zip((height, width), layer.kernel_size, layer.stride, layer.padding, layer.dilation):
                sizes.append((size + 2 * p - d * (k - 1) - 1) // s + 1)
            outputs = layer.out_channels * sizes[0] * sizes[1]
            products = layer.in_channels // layer.groups * layer.kernel_size[0] * layer.kernel_size[1]
            return outputs * products
        case nn.Linear():
            return layer.weight.numel()
        case _:
            return 0
