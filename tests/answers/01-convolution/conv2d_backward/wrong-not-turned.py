# The sliding sum for grad_x uses the kernel as it is.
# loses: conv2d_backward-input, conv2d_backward-input-channels
# cause: the kernel is turned the wrong way
def conv2d_backward(grad_out, x, weight):
    kh, kw = weight.shape[2:]
    rows, columns = grad_out.shape[2:]
    grad_weight = torch.einsum("nchwij,noij->ochw", x.unfold(2, rows, 1).unfold(3, columns, 1), grad_out)
    padded = F.pad(grad_out, (kw - 1, kw - 1, kh - 1, kh - 1))
    grad_x = torch.einsum("nohwab,ocab->nchw", padded.unfold(2, kh, 1).unfold(3, kw, 1), weight)
    return grad_x, grad_weight
