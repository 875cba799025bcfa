# The layers stand in a plain list, so the network has no parameters.
# loses: WideNet-shape, WideNet-field, WideNet-budget, WideNet-every-pixel
class WideNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = [nn.Conv2d(1, 8, 3, padding=d, dilation=d) for d in (1,)]
        self.layers += [nn.Conv2d(8, 8, 3, padding=d, dilation=d) for d in (2, 4, 8)]

    def forward(self, x):
        for layer in self.layers:
            x = torch.relu(layer(x))
        return x
