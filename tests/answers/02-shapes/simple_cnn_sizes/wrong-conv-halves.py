# Halves at the convolutions, too.
# loses: simple_cnn_sizes-first-block, simple_cnn_sizes-second-block
# cause: the convolution does not halve, only the pooling does
simple_cnn_sizes = [28, 14, 7, 3, 1]
