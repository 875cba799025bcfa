# One hidden layer where that is enough, else a second one, counted with real layers.
class Dense(nn.Module):
    def __init__(self, *widths):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip((784, *widths), (*widths, 10)))

    def forward(self, x):
        x = x.view(len(x), -1)
        for layer in self.layers[:-1]:
            x = F.gelu(layer(x))
        return self.layers[-1](x)


def matched_mlp(parameters):
    def error(model):
        return abs(sum(p.numel() for p in model.parameters()) - parameters)

    units = max(1, round((parameters - 10) / 795))
    model = Dense(units)
    if error(model) <= 0.01 * parameters:
        return model
    first = (parameters - 300) // 820
    return min((Dense(first, second) for second in range(4, 120)), key=error)
