# Switches the bias of layer off.
# loses: layer-built
# cause: bias
layer = nn.Conv2d(1, 8, 5, bias=False)
weight_shape = (8, 1, 5, 5)
output_shape = (8, 24, 24)
same_layer = nn.Conv2d(1, 8, 5, padding=2)
