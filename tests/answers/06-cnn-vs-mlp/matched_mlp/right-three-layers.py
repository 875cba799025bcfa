# Three hidden layers with tanh; the widths found by trying all small ones.
def matched_mlp(parameters):
    count = lambda a, b, c: 785 * a + (a + 1) * b + (b + 1) * c + 10 * (c + 1)
    first = max(1, (parameters - 700) // 830)
    widths = min(((first, b, c) for b in range(1, 90) for c in range(1, 40)), key=lambda w: abs(count(*w) - parameters))
    parts = [nn.Flatten()]
    for inputs, outputs in zip((784, *widths), widths):
        parts.extend((nn.Linear(inputs, outputs), nn.Tanh()))
    return nn.Sequential(*parts, nn.Linear(widths[-1], 10))
