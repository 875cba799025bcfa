# Adds up the units of the dense network in place of its weights.
# loses: cnn_parameters-dense
# cause: these are activations
cnn_parameters = 13686
mlp_parameters = 810
