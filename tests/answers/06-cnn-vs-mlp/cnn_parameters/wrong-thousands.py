# Writes the thousands with a decimal point.
# loses: cnn_parameters-convolutional, cnn_parameters-dense
cnn_parameters = 13.686
mlp_parameters = 12.73
