# Takes the last convolution for 3×3 as well.
# loses: cnn_parameters-convolutional
cnn_parameters = 9590
mlp_parameters = 12730
