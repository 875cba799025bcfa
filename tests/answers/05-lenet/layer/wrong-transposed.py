# A transposed convolution keeps the size after a padding of 2 too.
# loses: layer-same
# cause: the type of same_layer
layer = nn.Conv2d(1, 8, 5)
weight_shape = (8, 1, 5, 5)
output_shape = (8, 24, 24)
same_layer = nn.ConvTranspose2d(1, 8, 5, padding=2)
