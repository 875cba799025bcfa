# Pads the first layer too.
# loses: layer-built, layer-output
# cause: padding belongs into same_layer
# cause: without padding the output is smaller
layer = nn.Conv2d(1, 8, 5, padding=2)
weight_shape = (8, 1, 5, 5)
output_shape = (8, 28, 28)
same_layer = nn.Conv2d(1, 8, 5, padding=2)
