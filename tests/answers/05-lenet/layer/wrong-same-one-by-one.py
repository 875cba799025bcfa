# Keeps the size by a 1 by 1 kernel.
# loses: layer-same
# cause: 1 by 1 kernel
# cause: kernel_size
layer = nn.Conv2d(1, 8, 5)
weight_shape = (8, 1, 5, 5)
output_shape = (8, 24, 24)
same_layer = nn.Conv2d(1, 8, 1)
