# Gives the channels.
# loses: simple_cnn_sizes-first-block, simple_cnn_sizes-second-block
# cause: these are channels; height and width are asked for
simple_cnn_sizes = [1, 16, 16, 32, 32]
