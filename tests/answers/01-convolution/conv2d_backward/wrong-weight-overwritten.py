# Contributions to the weight overwrite each other.
# loses: conv2d_backward-weight, conv2d_backward-weight-channels
# cause: only the last picture counts
# cause: only the last place counts
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
                    grad_weight[o] = g * x[n, :, i:i + kh, j:j + kw]
                    grad_x[n, :, i:i + kh, j:j + kw] += g * weight[o]
    return grad_x, grad_weight
