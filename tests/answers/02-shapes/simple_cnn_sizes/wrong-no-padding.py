# Leaves the padding out.
# loses: simple_cnn_sizes-first-block, simple_cnn_sizes-second-block
simple_cnn_sizes = [28, 26, 13, 11, 5]
