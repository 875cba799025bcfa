# The derivative of a linear function is its matrix.
def conv_as_matrix(conv, in_shape):
    start = torch.zeros(in_shape, dtype=conv.weight.dtype)
    derivative = torch.autograd.functional.jacobian(conv, start)
    return derivative.reshape(-1, start.numel())
