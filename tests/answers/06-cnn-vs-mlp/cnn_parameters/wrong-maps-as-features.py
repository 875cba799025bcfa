# Takes the four maps for four features.
# loses: cnn_parameters-convolutional
# cause: each has 3 by 3 pixels
cnn_parameters = 160 + 4640 + 2112 + 6404 + 4 * 10 + 10
mlp_parameters = 12_730
