# Takes the whole kernel size off: 28 - 5.
# loses: layer-output
# cause: one pixel less off
# cause: takes 4 pixels off, not 5
layer = nn.Conv2d(1, 8, 5)
weight_shape = (8, 1, 5, 5)
output_shape = (8, 23, 23)
same_layer = nn.Conv2d(1, 8, 5, padding=2)
