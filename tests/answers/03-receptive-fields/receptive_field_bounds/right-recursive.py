# Recursive, on a range of units; returns a list.
def receptive_field_bounds(layers, index):
    def seen_by(first, last, depth):
        if depth == 0:
            return [first, last]
        k, s, p, d = layers[depth - 1]
        return seen_by(first * s - p, last * s - p + d * (k - 1), depth - 1)

    return seen_by(index, index, len(layers))
