# Adds the padding and forgets the kernel.
# loses: simple_cnn_sizes-first-block, simple_cnn_sizes-second-block
# cause: padding is added, but the kernel takes as much
# cause: padding is added at both ends, but the kernel takes as much
simple_cnn_sizes = [28, 30, 15, 17, 8]
