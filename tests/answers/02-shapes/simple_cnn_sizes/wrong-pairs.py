# Gives pairs in place of numbers.
# loses: simple_cnn_sizes-first-block, simple_cnn_sizes-second-block
simple_cnn_sizes = [(28, 28), (28, 28), (14, 14), (14, 14), (7, 7)]
