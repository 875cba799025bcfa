# Multiplies the layers of the MLP.
# loses: cnn_parameters-dense
# cause: added, not multiplied
cnn_parameters = 13_686
mlp_parameters = 784 * 16 * 10
