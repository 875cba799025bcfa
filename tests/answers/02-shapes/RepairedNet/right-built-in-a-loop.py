# Layers from a loop, in a ModuleList; in-place ReLU.
class RepairedNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks, channels = nn.ModuleList(), 1
        for filters, kernel_size, padding in ((8, 5, 2), (24, 3, 0)):
            block = [nn.Conv2d(channels, filters, kernel_size, padding=padding), nn.ReLU(inplace=True), nn.MaxPool2d(2)]
            self.blocks.append(nn.Sequential(*block))
            channels = filters
        self.classifier = nn.ModuleList([nn.Linear(channels * 6**2, 64), nn.Linear(64, 10)])

    def forward(self, x):
        for block in self.blocks:
            x = block(x)
        hidden, last = self.classifier
        return last(hidden(torch.flatten(x, 1)).relu_())
