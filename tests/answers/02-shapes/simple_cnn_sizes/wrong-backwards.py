# Half right: from right to left.
# loses: simple_cnn_sizes-first-block, simple_cnn_sizes-second-block
simple_cnn_sizes = [7, 14, 14, 28, 28]
