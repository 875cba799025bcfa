# Takes the weight as (in, out, height, width).
# loses: layer-weights
# cause: in and out channels are swapped
layer = nn.Conv2d(1, 8, 5)
weight_shape = (1, 8, 5, 5)
output_shape = (8, 24, 24)
same_layer = nn.Conv2d(1, 8, 5, padding=2)
