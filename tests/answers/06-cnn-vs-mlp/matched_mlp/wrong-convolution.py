# Fills up the budget with a convolution in front.
# loses: matched_mlp-network
# cause: aten.convolution was called
def matched_mlp(parameters):
    hidden = (parameters - 10) // 795
    channels = max(1, (parameters - 795 * hidden - 10) // 19)
    conv = nn.Sequential(nn.Conv2d(1, channels, 3, padding=1), nn.ReLU(), nn.Conv2d(channels, 1, 3, padding=1))
    return nn.Sequential(conv, nn.Flatten(), nn.Linear(784, hidden), nn.ReLU(), nn.Linear(hidden, 10))
