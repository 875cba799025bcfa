# Dilations that double; no pooling, all at full resolution.
class WideNet(nn.Module):
    def __init__(self):
        super().__init__()
        layers, channels = [], 1
        for dilation in (1, 2, 4, 8):
            layers += [nn.Conv2d(channels, 8, 3, padding=dilation, dilation=dilation), nn.ReLU()]
            channels = 8
        self.net = nn.Sequential(*layers)

    def forward(self, images):
        return self.net(images)
