# Halves at the convolutions, too.
# loses: simple_cnn_sizes-first-block, simple_cnn_sizes-second-block
simple_cnn_sizes = [28, 14, 7, 3, 1]
