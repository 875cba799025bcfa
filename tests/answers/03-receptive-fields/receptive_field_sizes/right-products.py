# The jump as a product of all strides before, computed anew for each layer.
from math import prod

def receptive_field_sizes(layers):
    strides = [stride for _, stride, _ in layers]
    steps = [(k - 1) * d * prod(strides[:i]) for i, (k, _, d) in enumerate(layers)]
    return [1 + sum(steps[: i + 1]) for i in range(len(layers))]
