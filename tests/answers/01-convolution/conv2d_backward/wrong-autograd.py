# PyTorch's own gradients of PyTorch's own convolution.
# loses: conv2d_backward-weight, conv2d_backward-input, conv2d_backward-weight-channels, conv2d_backward-input-channels
# cause: are blocked here
def conv2d_backward(grad_out, x, weight):
    x, weight = x.clone().requires_grad_(), weight.clone().requires_grad_()
    return torch.autograd.grad(F.conv2d(x, weight), (x, weight), grad_out)
