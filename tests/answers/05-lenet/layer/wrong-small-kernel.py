# Keeps the size by a smaller kernel.
# loses: layer-same
# cause: a smaller kernel
# cause: kernel_size of same_layer
layer = nn.Conv2d(1, 8, 5)
weight_shape = (8, 1, 5, 5)
output_shape = (8, 24, 24)
same_layer = nn.Conv2d(1, 8, 3, padding=1)
