# The last pixel that unit 0 sees, layer by layer.
def receptive_field_sizes(layers):
    def last(unit, below):
        return unit if not below else last(unit * below[-1][1] + (below[-1][0] - 1) * below[-1][2], below[:-1])

    return [last(0, layers[: depth + 1]) + 1 for depth in range(len(layers))]
