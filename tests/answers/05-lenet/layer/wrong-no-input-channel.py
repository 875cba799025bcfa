# Leaves the input channel out of the weight's shape.
# loses: layer-weights
# cause: input channels are missing
layer = nn.Conv2d(1, 8, 5)
weight_shape = (8, 5, 5)
output_shape = (8, 24, 24)
same_layer = nn.Conv2d(1, 8, 5, padding=2)
