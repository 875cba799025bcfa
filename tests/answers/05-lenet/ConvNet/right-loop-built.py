# Layers built in loops, ModuleList and ModuleDict, the ReLU as clamp.
class ConvNet(nn.Module):
    def __init__(self, in_channels=1, image_size=28, num_classes=10):
        super().__init__()
        self.linear_entry_dim = image_size
        for _ in range(2):
            self.linear_entry_dim = (self.linear_entry_dim - 4) // 2
        widths = [16 * self.linear_entry_dim**2, 120, 84, num_classes]
        self.parts = nn.ModuleDict({
            "linear": nn.ModuleList(nn.Linear(a, b) for a, b in zip(widths, widths[1:])),
            "convolutions": nn.ModuleList(nn.Conv2d(a, b, 5) for a, b in ((in_channels, 6), (6, 16))),
        })

    def forward(self, x):
        for layer in self.parts["convolutions"]:
            x = layer(x).clamp(min=0)
            x = F.max_pool2d(x, 2)
        x = x.reshape(len(x), -1)
        *hidden, last = self.parts["linear"]
        for layer in hidden:
            x = layer(x).clamp(min=0)
        return last(x)
