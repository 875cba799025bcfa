# Pads 1, as for a kernel of 3.
# loses: layer-same
# cause: too little padding
layer = nn.Conv2d(1, 8, 5)
weight_shape = (8, 1, 5, 5)
output_shape = (8, 24, 24)
same_layer = nn.Conv2d(1, 8, 5, padding=1)
