# Half right: forgets the biases of the CNN's linear layer.
# loses: cnn_parameters-convolutional
# cause: the linear layer's biases are missing
cnn_parameters = 160 + 4640 + 2112 + 6404 + 36 * 10
mlp_parameters = 784 * 16 + 16 + 16 * 10 + 10
