# Writes the numbers as one text.
# loses: simple_cnn_sizes-first-block, simple_cnn_sizes-second-block
# cause: the number of entries
simple_cnn_sizes = "28 28 14 14 7"
