# The gradient of the weight looks at the first channel only.
# loses: conv2d_backward-weight-channels
def conv2d_backward(grad_out, x, weight):
    rows, columns = grad_out.shape[2:]
    grad_x, grad_weight = torch.zeros_like(x), torch.zeros_like(weight)
    for a in range(weight.shape[2]):
        for b in range(weight.shape[3]):
            met = x[:, :, a:a + rows, b:b + columns]
            grad_weight[:, :, a, b] = torch.einsum("noij,nij->o", grad_out, met[:, 0])[:, None]
            grad_x[:, :, a:a + rows, b:b + columns] += torch.einsum("noij,oc->ncij", grad_out, weight[:, :, a, b])
    return grad_x, grad_weight
