# A thousand steps, whatever was asked for.
# loses: learn_kernel-general
# cause: a learning rate or a number of steps of your own, or a kernel that is solved for
def learn_kernel(x, y, kernel_size, steps, lr):
    lr = float(lr)
    kernel = torch.zeros(kernel_size, requires_grad=True)
    for step in range(1000):
        error = ((F.conv2d(x, kernel[None, None]) - y) ** 2).mean()
        (gradient,) = torch.autograd.grad(error, kernel)
        with torch.no_grad():
            kernel -= lr * gradient
    return kernel.detach()
