# Pools with stride 1.
# loses: simple_cnn_sizes-first-block, simple_cnn_sizes-second-block
# cause: a pooling of 2 has stride 2, so it halves
simple_cnn_sizes = [28, 28, 27, 27, 26]
