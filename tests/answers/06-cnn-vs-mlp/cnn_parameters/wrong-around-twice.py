# Believes the published claim.
# loses: cnn_parameters-dense
cnn_parameters = 13_686
mlp_parameters = 2 * 13_686
