# The pictures are normalised in place.
# loses: learn_kernel-plain, learn_kernel-general
# cause: an assignment into `x` or an in-place operation
def learn_kernel(x, y, kernel_size, steps, lr):
    kernel = torch.zeros(kernel_size, requires_grad=True)
    x /= x.std()
    for step in range(steps):
        error = ((F.conv2d(x, kernel[None, None]) - y) ** 2).mean()
        error.backward()
        with torch.no_grad():
            kernel -= lr * kernel.grad
            kernel.grad.zero_()
    return kernel.detach()
