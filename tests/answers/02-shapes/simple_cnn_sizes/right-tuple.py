# A tuple.
simple_cnn_sizes = (28, 28, 14, 14, 7)
