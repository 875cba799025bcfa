# Steps up the gradient.
# loses: learn_kernel-plain, learn_kernel-general
# cause: a learning rate of your own, not lr, a sum where the mean of the squares is meant, or steps up the gradient
# cause: a sum where the mean of the squares is meant
# cause: the sum of the squares in place of their mean, or steps up the gradient
def learn_kernel(x, y, kernel_size, steps, lr):
    kernel = torch.zeros(kernel_size, requires_grad=True)
    for step in range(steps):
        error = ((F.conv2d(x, kernel[None, None]) - y) ** 2).mean()
        error.backward()
        with torch.no_grad():
            kernel += lr * kernel.grad
            kernel.grad.zero_()
    return kernel.detach()
