# Read off real layers.
x = torch.zeros(1, 1, 28, 28)
simple_cnn_sizes = [x.shape[-1]]
for layer in (nn.Conv2d(1, 16, 3, padding=1), nn.MaxPool2d(2), nn.Conv2d(16, 32, 3, padding=1), nn.MaxPool2d(2)):
    x = layer(x)
    simple_cnn_sizes.append(x.shape[-1])
