# Counts real layers.
layers = nn.Sequential(
    nn.Conv2d(1, 16, 3, padding=1), nn.Conv2d(16, 32, 3), nn.Conv2d(32, 64, 1), nn.Conv2d(64, 4, 5), nn.Linear(36, 10)
)
cnn_parameters = sum(p.numel() for p in layers.parameters())
mlp_parameters = sum(p.numel() for p in nn.Sequential(nn.Linear(784, 16), nn.Linear(16, 10)).parameters())
