# One bias for each layer.
# loses: cnn_parameters-convolutional, cnn_parameters-dense
# cause: one bias for each layer is counted
cnn_parameters = 145 + 4609 + 2049 + 6401 + 361
mlp_parameters = 784 * 16 + 1 + 16 * 10 + 1
