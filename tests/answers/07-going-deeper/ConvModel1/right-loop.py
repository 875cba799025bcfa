# Layers made in a loop, kept in a ModuleList; the head is made before the convolutions.
class ConvModel1(nn.Module):
    def __init__(self, num_filters=32, kernel_size=5, padding=2):
        super().__init__()
        side = shapes.conv_output_size(28, kernel_size, padding=padding) // 2
        self.head = nn.ModuleList(nn.Linear(a, b) for a, b in ((num_filters * side**2, 128), (128, 10)))
        self.convs = nn.ModuleList([nn.Conv2d(1, num_filters, kernel_size, padding=padding)])

    def forward(self, x):
        for conv in self.convs:
            x = conv(x).relu()
        x = F.max_pool2d(x, 2).flatten(1)
        return self.head[1](self.head[0](x).relu_())


class ConvModel2(nn.Module):
    def __init__(self, f1=32, f2=64):
        super().__init__()
        self.head = nn.ModuleList([nn.Linear(f2 * 14**2, 128), nn.Linear(128, 10)])
        widths = (1, f1, f2)
        self.convs = nn.ModuleList(nn.Conv2d(a, b, 3, padding=1) for a, b in zip(widths, widths[1:]))

    def forward(self, x):
        for conv in self.convs:
            x = conv(x).relu_()
        return self.head[1](self.head[0](F.max_pool2d(x, 2).flatten(1)).relu_())
