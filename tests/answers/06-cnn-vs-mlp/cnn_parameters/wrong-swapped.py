# The two numbers swapped.
# loses: cnn_parameters-convolutional, cnn_parameters-dense
# cause: the two numbers are swapped
cnn_parameters = 12_730
mlp_parameters = 13_686
