# Thinks that a 1 by 1 convolution has no weights.
# loses: cnn_parameters-convolutional
# cause: a 1×1 convolution has weights too
cnn_parameters = 160 + 4640 + 64 + 6404 + 370
mlp_parameters = 12_730
