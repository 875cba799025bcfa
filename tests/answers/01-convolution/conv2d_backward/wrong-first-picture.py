# The weight's gradient looks at the first picture only.
# loses: conv2d_backward-weight-channels
# cause: only the first picture counts
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
                    grad_weight[o] += (n == 0) * g * x[0, :, i:i + kh, j:j + kw]
                    grad_x[n, :, i:i + kh, j:j + kw] += g * weight[o]
    return grad_x, grad_weight
