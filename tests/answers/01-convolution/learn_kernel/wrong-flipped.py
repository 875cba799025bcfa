# The learned kernel is turned by 180 degrees before it is returned.
# loses: learn_kernel-plain, learn_kernel-general
# cause: the kernel is turned by 180 degrees
# cause: this kernel is turned by 180 degrees
def learn_kernel(x, y, kernel_size, steps, lr):
    kernel = torch.zeros(kernel_size, requires_grad=True)
    for step in range(steps):
        error = ((F.conv2d(x, kernel[None, None]) - y) ** 2).mean()
        error.backward()
        with torch.no_grad():
            kernel -= lr * kernel.grad
            kernel.grad.zero_()
    return kernel.detach().flip(0, 1)
