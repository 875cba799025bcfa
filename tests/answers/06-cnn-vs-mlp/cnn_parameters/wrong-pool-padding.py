# Half right: forgets the padding of the second pooling, so 6 by 6 maps and 16 features.
# loses: cnn_parameters-convolutional
# cause: 16 numbers enter the linear layer
cnn_parameters = 160 + 4640 + 2112 + 6404 + 16 * 10 + 10
mlp_parameters = 12_730
