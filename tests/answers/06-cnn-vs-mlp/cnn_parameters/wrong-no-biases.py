# Leaves out all biases.
# loses: cnn_parameters-convolutional, cnn_parameters-dense
# cause: the biases are missing
cnn_parameters = 144 + 4608 + 2048 + 6400 + 360
mlp_parameters = 784 * 16 + 16 * 10
