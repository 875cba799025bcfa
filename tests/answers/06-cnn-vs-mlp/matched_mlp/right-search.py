# Tries all pairs of widths in two loops.
def matched_mlp(parameters):
    best = None
    for a in range(1, parameters // 785 + 1):
        for b in range(8, 65):
            count = 784 * a + a + a * b + b + b * 10 + 10
            if best is None or abs(count - parameters) < abs(best[0] - parameters):
                best = (count, a, b)
    _, a, b = best
    return nn.Sequential(nn.Flatten(), nn.Linear(784, a), nn.Tanh(), nn.Linear(a, b), nn.Tanh(), nn.Linear(b, 10))
