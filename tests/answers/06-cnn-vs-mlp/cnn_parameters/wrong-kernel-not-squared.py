# A kernel of 3 by 3 counted as 3 weights.
# loses: cnn_parameters-convolutional
# cause: 9 and 25, not 3 and 5
cnn_parameters = 1*16*3 + 16 + 16*32*3 + 32 + 32*64 + 64 + 64*4*5 + 4 + 370
mlp_parameters = 12_730
