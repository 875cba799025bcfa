# In float64, and back to the type of the inputs.
def conv2d_backward(grad_out, x, weight):
    g, p, w = grad_out.double(), x.double(), weight.double()
    kh, kw = w.shape[2:]
    grad_weight = torch.zeros_like(w)
    grad_x = torch.zeros_like(p)
    for i in range(g.shape[2]):
        for j in range(g.shape[3]):
            here = g[:, :, i, j]
            grad_weight += torch.einsum("no,ncab->ocab", here, p[:, :, i:i + kh, j:j + kw])
            grad_x[:, :, i:i + kh, j:j + kw] += torch.einsum("no,ocab->ncab", here, w)
    return grad_x.to(x.dtype), grad_weight.to(weight.dtype)
