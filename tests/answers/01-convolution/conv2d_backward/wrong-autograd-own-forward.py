# Autograd through a hand-written convolution.
# loses: conv2d_backward-weight, conv2d_backward-input, conv2d_backward-weight-channels, conv2d_backward-input-channels
# cause: is blocked here
def conv2d_backward(grad_out, x, weight):
    x, weight = x.clone().requires_grad_(), weight.clone().requires_grad_()
    windows = x.unfold(2, weight.shape[2], 1).unfold(3, weight.shape[3], 1)
    y = torch.einsum("nchwab,ocab->nohw", windows, weight)
    y.backward(grad_out)
    return x.grad, weight.grad
