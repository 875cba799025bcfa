# Forgets the padding of the first convolution: 26, 13, 11, 6, 6, 2, so 16 numbers enter the linear layer.
# loses: cnn_parameters-convolutional
# cause: 16 numbers enter the linear layer
cnn_parameters = 13486
mlp_parameters = 12730
