# Counts the pooling windows as weights: 4 each.
# loses: cnn_parameters-convolutional
cnn_parameters = 13694
mlp_parameters = 12730
