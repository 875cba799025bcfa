# Adds the padding and forgets the kernel.
# loses: simple_cnn_sizes-first-block, simple_cnn_sizes-second-block
simple_cnn_sizes = [28, 30, 15, 17, 8]
