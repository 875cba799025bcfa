# Halves at the convolution in place of the pooling.
# loses: simple_cnn_sizes-first-block, simple_cnn_sizes-second-block
simple_cnn_sizes = [28, 14, 14, 7, 7]
