# Shapes taken from the layer itself.
layer = nn.Conv2d(1, 8, 5)
weight_shape = layer.weight.shape
output_shape = layer(torch.zeros(1, 28, 28)).shape
same_layer = nn.Conv2d(1, 8, kernel_size=5, padding=(2, 2), stride=(1, 1))
