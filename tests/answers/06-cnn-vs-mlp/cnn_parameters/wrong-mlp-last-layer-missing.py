# Counts the hidden layer of the dense network alone.
# loses: cnn_parameters-dense
# cause: the last layer is missing
cnn_parameters = 13686
mlp_parameters = 12560
