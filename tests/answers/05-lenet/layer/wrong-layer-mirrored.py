# Pads both layers, with a mirror of the border.
# loses: layer-built, layer-same
# cause: padding belongs into same_layer
# cause: mirrored
# cause: reflect
layer = nn.Conv2d(1, 8, 5, padding=2, padding_mode="reflect")
weight_shape = (8, 1, 5, 5)
output_shape = (8, 24, 24)
same_layer = nn.Conv2d(1, 8, 5, padding=2, padding_mode="reflect")
