# Gives pairs in place of numbers.
# loses: simple_cnn_sizes-first-block, simple_cnn_sizes-second-block
# cause: one number each is asked for: the maps are square
simple_cnn_sizes = [(28, 28), (28, 28), (14, 14), (14, 14), (7, 7)]
