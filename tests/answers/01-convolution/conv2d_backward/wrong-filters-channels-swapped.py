# Filters and channels of the weight are swapped in grad_x.
# loses: conv2d_backward-input-channels
# cause: filters and channels of the weight are swapped
def conv2d_backward(grad_out, x, weight):
    rows, columns = grad_out.shape[2:]
    grad_x, grad_weight = torch.zeros_like(x), torch.zeros_like(weight)
    for a in range(weight.shape[2]):
        for b in range(weight.shape[3]):
            grad_weight[:, :, a, b] = torch.einsum("noij,ncij->oc", grad_out, x[:, :, a:a + rows, b:b + columns])
            grad_x[:, :, a:a + rows, b:b + columns] += torch.einsum("noij,co->ncij", grad_out, weight[:, :, a, b])
    return grad_x, grad_weight
