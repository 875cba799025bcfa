# The last gradient is returned, not the kernel.
# loses: learn_kernel-plain, learn_kernel-general
# cause: all zeros: no step was taken, or it is not the kernel that is returned
def learn_kernel(x, y, kernel_size, steps, lr):
    lr = float(lr)
    kernel = torch.zeros(kernel_size, requires_grad=True)
    for step in range(steps):
        error = ((F.conv2d(x, kernel[None, None]) - y) ** 2).mean()
        (gradient,) = torch.autograd.grad(error, kernel)
        with torch.no_grad():
            kernel -= lr * gradient
    return gradient
