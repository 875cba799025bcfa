# Leaves the padding out.
# loses: simple_cnn_sizes-first-block, simple_cnn_sizes-second-block
# cause: the padding is left out; it gives back what a kernel of 3 takes
# cause: padding 1 gives back what a kernel of 3 takes
simple_cnn_sizes = [28, 26, 13, 11, 5]
