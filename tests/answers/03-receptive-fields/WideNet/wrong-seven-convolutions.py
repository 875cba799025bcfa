# Seven convolutions; at most six are allowed.
# cause: 7 convolutions
class WideNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(*(nn.Conv2d(1 if i == 0 else 4, 4, 5, padding=2) for i in range(7)))

    def forward(self, images):
        return self.layers(images)
