# Grad_out is taken to be ones.
# loses: conv2d_backward-weight, conv2d_backward-input, conv2d_backward-weight-channels, conv2d_backward-input-channels
# cause: grad_out is left away
def conv2d_backward(grad_out, x, weight):
    N, O, rows, columns = grad_out.shape
    kh, kw = weight.shape[2:]
    grad_x = torch.zeros_like(x)
    grad_weight = torch.zeros_like(weight)
    for n in range(N):
        for o in range(O):
            for i in range(rows):
                for j in range(columns):
                    g = 1.0
                    grad_weight[o] += g * x[n, :, i:i + kh, j:j + kw]
                    grad_x[n, :, i:i + kh, j:j + kw] += g * weight[o]
    return grad_x, grad_weight
