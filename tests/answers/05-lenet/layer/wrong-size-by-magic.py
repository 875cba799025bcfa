# Keeps 28 by 28 by stretching the output of a layer without padding.
# loses: layer-same
# cause: the type of same_layer
layer = nn.Conv2d(1, 8, 5)
weight_shape = (8, 1, 5, 5)
output_shape = (8, 24, 24)
same_layer = nn.Sequential(nn.Conv2d(1, 8, 5), nn.Upsample((28, 28)))
