# Fills one row of the matrix for each number in the window.
def im2col(x, kernel_size, stride=1, padding=0):
    N, C, H, W = x.shape
    k = kernel_size
    big = torch.zeros(N, C, H + 2 * padding, W + 2 * padding, dtype=x.dtype)
    big[:, :, padding:padding + H, padding:padding + W] = x
    h = (H + 2 * padding - k) // stride + 1
    w = (W + 2 * padding - k) // stride + 1
    out = torch.zeros(N, C * k * k, h * w, dtype=x.dtype)
    for c in range(C):
        for a in range(k):
            for b in range(k):
                out[:, c * k * k + a * k + b] = big[:, c, a:a + stride * h:stride, b:b + stride * w:stride].reshape(N, -1)
    return out
