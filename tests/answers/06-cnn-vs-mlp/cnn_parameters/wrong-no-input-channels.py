# Forgets that each output channel has a kernel for each input channel.
# loses: cnn_parameters-convolutional
# cause: a kernel for each input channel
cnn_parameters = 16*9 + 16 + 32*9 + 32 + 64 + 64 + 4*25 + 4 + 370
mlp_parameters = 12_730
