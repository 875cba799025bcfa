# Grad_x without the borders, as large as the inner part.
# loses: conv2d_backward-input, conv2d_backward-input-channels
def conv2d_backward(grad_out, x, weight):
    kh, kw = weight.shape[2:]
    rows, columns = grad_out.shape[2:]
    grad_weight = torch.einsum("nchwij,noij->ochw", x.unfold(2, rows, 1).unfold(3, columns, 1), grad_out)
    grad_x = torch.einsum("nohwab,ocab->nchw", grad_out.unfold(2, min(kh, rows), 1).unfold(3, min(kw, columns), 1),
                          weight.flip(2, 3)[:, :, :rows, :columns])
    return grad_x, grad_weight
