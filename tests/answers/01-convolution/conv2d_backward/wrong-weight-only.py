# Only the weight's gradient is computed, grad_x stays zero.
# loses: conv2d_backward-input, conv2d_backward-input-channels
# cause: every value is zero
def conv2d_backward(grad_out, x, weight):
    N, O, rows, columns = grad_out.shape
    kh, kw = weight.shape[2:]
    grad_x = torch.zeros_like(x)
    grad_weight = torch.zeros_like(weight)
    for n in range(N):
        for o in range(O):
            for i in range(rows):
                for j in range(columns):
                    g = grad_out[n, o, i, j]
                    grad_weight[o] += g * x[n, :, i:i + kh, j:j + kw]
    return grad_x, grad_weight
