# itertools.accumulate over pairs of field and jump.
from itertools import accumulate


def receptive_field_sizes(layers):
    def behind(pair, layer):
        (field, jump), (kernel, stride, dilation) = pair, layer
        return field + (kernel - 1) * dilation * jump, jump * stride

    return [field for field, _ in accumulate(layers, behind, initial=(1, 1))][1:]
