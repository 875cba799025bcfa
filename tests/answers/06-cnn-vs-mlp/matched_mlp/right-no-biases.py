# Two hidden layers, the first one without biases.
def matched_mlp(parameters):
    a = parameters // 830
    b = round((parameters - 784 * a - 10) / (a + 11))
    return nn.Sequential(
        nn.Flatten(), nn.Linear(784, a, bias=False), nn.ReLU(), nn.Linear(a, b), nn.ReLU(), nn.Linear(b, 10)
    )
