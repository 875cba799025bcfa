# Layers made in a loop, with small strided convolutions.
class WideNet(nn.Module):
    def __init__(self):
        super().__init__()
        channels = [1, 6, 8, 10, 12, 12]
        self.blocks = nn.ModuleList(nn.Conv2d(a, b, 3, stride=2, padding=1) for a, b in zip(channels, channels[1:]))

    def forward(self, images):
        for block in self.blocks:
            images = torch.relu(block(images))
        return images
