# Switches the bias of same_layer off.
# loses: layer-same
# cause: bias
layer = nn.Conv2d(1, 8, 5)
weight_shape = (8, 1, 5, 5)
output_shape = (8, 24, 24)
same_layer = nn.Conv2d(1, 8, 5, padding=2, bias=False)
