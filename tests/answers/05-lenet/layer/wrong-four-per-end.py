# Takes 4 pixels off at each end.
# loses: layer-output
# cause: in all, not at each end
layer = nn.Conv2d(1, 8, 5)
weight_shape = (8, 1, 5, 5)
output_shape = (8, 20, 20)
same_layer = nn.Conv2d(1, 8, 5, padding=2)
