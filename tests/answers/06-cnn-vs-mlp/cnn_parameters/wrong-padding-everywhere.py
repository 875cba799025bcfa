# Takes padding 1 for all 3×3 convolutions: 4·4·4 = 64 numbers enter the linear layer.
# loses: cnn_parameters-convolutional
# cause: the first convolution has padding 1
cnn_parameters = 13966
mlp_parameters = 12730
