# A slip of one.
# loses: cnn_parameters-convolutional, cnn_parameters-dense
cnn_parameters = 13687
mlp_parameters = 12731
