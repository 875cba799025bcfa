# padding="valid" is no padding; float64; the sizes are computed.
layer = nn.Conv2d(1, 8, kernel_size=5, padding="valid", dtype=torch.float64).float()
weight_shape = tuple(layer.weight.size())
output_shape = (8, *(size - 4 for size in (28, 28)))
same_layer = nn.Conv2d(1, 8, kernel_size=5, padding=[2, 2], padding_mode="zeros")
