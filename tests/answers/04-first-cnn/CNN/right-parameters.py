# Parameters of its own, without layers.
class CNN(nn.Module):
    def __init__(self, in_channels=1, num_classes=10):
        super().__init__()
        self.head = nn.Parameter(torch.randn(num_classes, 784) / 28)
        self.second = nn.Parameter(torch.randn(16, 8, 3, 3) / 8)
        self.first = nn.Parameter(torch.randn(8, in_channels, 3, 3) / 3)

    def forward(self, x):
        for kernel in (self.first, self.second):
            x = F.max_pool2d(F.conv2d(x, kernel, padding=1).clamp(min=0), 2)
        return torch.einsum("nf,cf->nc", x.flatten(1), self.head)
