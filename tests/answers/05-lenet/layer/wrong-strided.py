# A stride of 2 in layer.
# loses: layer-built
layer = nn.Conv2d(1, 8, 5, stride=2)
weight_shape = (8, 1, 5, 5)
output_shape = (8, 24, 24)
same_layer = nn.Conv2d(1, 8, 5, padding=2)
