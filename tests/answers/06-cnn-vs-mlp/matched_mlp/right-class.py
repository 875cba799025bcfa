# A class of its own, with a list of layers and a ReLU in a loop.
class Dense(nn.Module):
    def __init__(self, *widths):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(widths, widths[1:]))

    def forward(self, x):
        x = x.reshape(x.shape[0], -1)
        for layer in self.layers[:-1]:
            x = layer(x).clamp_min(0)
        return self.layers[-1](x)


def matched_mlp(parameters):
    first = int((parameters - 186) / 801)
    return Dense(784, first, round((parameters - 785 * first - 10) / (first + 11)), 10)
