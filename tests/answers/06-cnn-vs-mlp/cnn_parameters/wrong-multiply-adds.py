# Counts multiply-adds.
# loses: cnn_parameters-convolutional, cnn_parameters-dense
# cause: these are multiply-adds
# cause: the biases are missing
cnn_parameters = 28*28*144 + 144*4608 + 49*2048 + 9*6400 + 360
mlp_parameters = 784 * 16 + 16 * 10
