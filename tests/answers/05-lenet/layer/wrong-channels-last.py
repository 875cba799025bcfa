# Thinks of channels as the last axis, as in images of NumPy.
# loses: layer-output, layer-weights
# cause: channels stand in front
layer = nn.Conv2d(1, 8, 5)
weight_shape = (5, 5, 1, 8)
output_shape = (24, 24, 8)
same_layer = nn.Conv2d(1, 8, 5, padding=2)
