# The gradient of the pictures is divided by their number.
# loses: conv2d_backward-input-channels
# cause: every value is 0.5 times the expected one
def conv2d_backward(grad_out, x, weight):
    rows, columns = grad_out.shape[2:]
    grad_x, grad_weight = torch.zeros_like(x), torch.zeros_like(weight)
    for a in range(weight.shape[2]):
        for b in range(weight.shape[3]):
            met = x[:, :, a:a + rows, b:b + columns]
            grad_weight[:, :, a, b] = torch.einsum("noij,ncij->oc", grad_out, met)
            grad_x[:, :, a:a + rows, b:b + columns] += torch.einsum("noij,oc->ncij", grad_out, weight[:, :, a, b])
    return grad_x / len(x), grad_weight
