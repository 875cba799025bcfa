# Half right: the image as a row of 28 numbers.
# loses: cnn_parameters-dense
# cause: not of 28
cnn_parameters = 13_686
mlp_parameters = 28 * 16 + 16 + 16 * 10 + 10
