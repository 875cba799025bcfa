# Thinks that the layer gives one map.
# loses: layer-output
# cause: each of the 8 kernels gives a map
layer = nn.Conv2d(1, 8, 5)
weight_shape = (8, 1, 5, 5)
output_shape = (1, 24, 24)
same_layer = nn.Conv2d(1, 8, 5, padding=2)
