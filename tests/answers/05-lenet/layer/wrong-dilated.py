# Dilates same_layer, and pads 4 to keep the size.
# loses: layer-same
layer = nn.Conv2d(1, 8, 5)
weight_shape = (8, 1, 5, 5)
output_shape = (8, 24, 24)
same_layer = nn.Conv2d(1, 8, 5, padding=4, dilation=2)
