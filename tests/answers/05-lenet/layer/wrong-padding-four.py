# Pads 4 at each end, for the 4 lost pixels.
# loses: layer-same
# cause: padding goes to both ends
layer = nn.Conv2d(1, 8, 5)
weight_shape = (8, 1, 5, 5)
output_shape = (8, 24, 24)
same_layer = nn.Conv2d(1, 8, 5, padding=4)
