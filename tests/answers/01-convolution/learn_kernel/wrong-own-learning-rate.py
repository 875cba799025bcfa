# A learning rate of 0.1, whatever was asked for.
# loses: learn_kernel-general
# cause: a learning rate of your own, not lr, a sum where the mean of the squares is meant, or steps up the gradient
# cause: a learning rate or a number of steps of your own, or a kernel that is solved for
def learn_kernel(x, y, kernel_size, steps, lr):
    kernel = torch.zeros(kernel_size, requires_grad=True)
    for step in range(steps):
        error = ((F.conv2d(x, kernel[None, None]) - y) ** 2).mean()
        error.backward()
        with torch.no_grad():
            kernel -= 0.1 * kernel.grad
            kernel.grad.zero_()
    return kernel.detach()
