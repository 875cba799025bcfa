# Writes out channels before in channels in the layer.
# loses: layer-built
# cause: first two arguments are swapped
layer = nn.Conv2d(8, 1, 5)
weight_shape = (8, 1, 5, 5)
output_shape = (8, 24, 24)
same_layer = nn.Conv2d(1, 8, 5, padding=2)
