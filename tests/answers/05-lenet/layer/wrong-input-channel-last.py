# Channels-last kernel: out, height, width, in.
# loses: layer-weights
# cause: input channels come second
layer = nn.Conv2d(1, 8, 5)
weight_shape = (8, 5, 5, 1)
output_shape = (8, 24, 24)
same_layer = nn.Conv2d(1, 8, 5, padding=2)
