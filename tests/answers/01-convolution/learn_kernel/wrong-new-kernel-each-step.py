# The kernel starts from zeros again in each step.
# loses: learn_kernel-plain, learn_kernel-general
def learn_kernel(x, y, kernel_size, steps, lr):
    for _ in range(steps):
        kernel = torch.zeros(kernel_size, requires_grad=True)
        error = ((F.conv2d(x, kernel[None, None]) - y) ** 2).mean()
        (gradient,) = torch.autograd.grad(error, kernel)
        kernel = (kernel - lr * gradient).detach()
    return kernel
