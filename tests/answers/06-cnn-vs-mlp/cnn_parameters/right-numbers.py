# Two plain numbers.
cnn_parameters = 13_686
mlp_parameters = 12_730
