# The learning rate is halved after every step, so that the steps die out.
# loses: learn_kernel-plain, learn_kernel-general
def learn_kernel(x, y, kernel_size, steps, lr):
    lr = float(lr)
    kernel = torch.zeros(kernel_size, requires_grad=True)
    for step in range(steps):
        error = ((F.conv2d(x, kernel[None, None]) - y) ** 2).mean()
        (gradient,) = torch.autograd.grad(error, kernel)
        with torch.no_grad():
            kernel -= lr * 0.5**step * gradient
    return kernel.detach()
