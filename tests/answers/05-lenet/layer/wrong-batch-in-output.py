# Adds a batch axis to the output.
# loses: layer-output
# cause: number of axes
# cause: expected: (8, 24, 24)
layer = nn.Conv2d(1, 8, 5)
weight_shape = (8, 1, 5, 5)
output_shape = (1, 8, 24, 24)
same_layer = nn.Conv2d(1, 8, 5, padding=2)
