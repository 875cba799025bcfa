# Columns and their way back: F.unfold and F.fold.
def conv2d_backward(grad_out, x, weight):
    flat = grad_out.flatten(2)
    kernel_size = tuple(weight.shape[2:])
    columns = F.unfold(x, kernel_size)
    grad_weight = (flat @ columns.transpose(1, 2)).sum(0).reshape(weight.shape)
    grad_x = F.fold(weight.flatten(1).T @ flat, tuple(x.shape[2:]), kernel_size)
    return [grad_x, grad_weight]
