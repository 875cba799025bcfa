# Leaves the input out.
# loses: simple_cnn_sizes-first-block, simple_cnn_sizes-second-block
# cause: the input is the first of the five
# cause: the input, 28, is the first of the five
simple_cnn_sizes = [28, 14, 14, 7]
