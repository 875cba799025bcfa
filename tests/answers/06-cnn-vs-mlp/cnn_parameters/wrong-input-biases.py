# Gives the input layer of the dense network biases too.
# loses: cnn_parameters-dense
# cause: the input layer has no biases
cnn_parameters = 13686
mlp_parameters = 13514
