# Believes the published claim.
# loses: cnn_parameters-dense
# cause: 'around 2x' was to be checked
cnn_parameters = 13_686
mlp_parameters = 2 * 13_686
