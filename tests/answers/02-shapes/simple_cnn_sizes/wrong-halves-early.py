# Halves at the convolution in place of the pooling.
# loses: simple_cnn_sizes-first-block, simple_cnn_sizes-second-block
# cause: the pooling halves, not the convolution before it
# cause: the convolution does not halve, the pooling does
simple_cnn_sizes = [28, 14, 14, 7, 7]
