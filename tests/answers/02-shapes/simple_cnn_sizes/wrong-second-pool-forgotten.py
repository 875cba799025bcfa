# Half right: forgets the last pooling.
# loses: simple_cnn_sizes-second-block
# cause: the second pooling halves as the first
simple_cnn_sizes = [28, 28, 14, 14, 14]
