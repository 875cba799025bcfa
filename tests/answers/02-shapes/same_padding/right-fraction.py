# Fractions, and a conditional expression.
from fractions import Fraction


def same_padding(kernel_size, dilation=1):
    half = Fraction(dilation * (kernel_size - 1), 2)
    if half.denominator != 1:
        raise ValueError(f"{half} pixels at each end")
    return int(half)
