# Rounds to hundreds.
# loses: cnn_parameters-convolutional, cnn_parameters-dense
cnn_parameters = 13700
mlp_parameters = 12700
