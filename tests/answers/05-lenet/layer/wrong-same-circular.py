# same_layer goes on at the other side of the picture.
# loses: layer-same
# cause: circular
# cause: other side
layer = nn.Conv2d(1, 8, 5)
weight_shape = (8, 1, 5, 5)
output_shape = (8, 24, 24)
same_layer = nn.Conv2d(1, 8, 5, padding=2, padding_mode="circular")
