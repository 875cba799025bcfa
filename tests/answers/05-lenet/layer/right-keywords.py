# Keywords, a list, and padding="same".
layer = nn.Conv2d(in_channels=1, out_channels=8, kernel_size=(5, 5), stride=1)
weight_shape = [8, 1, 5, 5]
output_shape = [8, 24, 24]
same_layer = nn.Conv2d(1, 8, 5, padding="same")
