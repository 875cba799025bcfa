# Leaves out the last layers.
# loses: cnn_parameters-convolutional, cnn_parameters-dense
# cause: the linear layer is missing
# cause: the last layer is missing
cnn_parameters = 160 + 4640 + 2112 + 6404
mlp_parameters = 784 * 16 + 16
