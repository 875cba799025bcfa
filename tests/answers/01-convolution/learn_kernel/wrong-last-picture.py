# Learns from the last picture only.
# loses: learn_kernel-general
# cause: all zeros: a picture that tells something about the kernel was left out
def learn_kernel(x, y, kernel_size, steps, lr):
    x, y = x[-1:], y[-1:]
    kernel = torch.zeros(kernel_size, requires_grad=True)
    for step in range(steps):
        error = ((F.conv2d(x, kernel[None, None]) - y) ** 2).mean()
        (gradient,) = torch.autograd.grad(error, kernel)
        with torch.no_grad():
            kernel -= lr * gradient
    return kernel.detach()
