# Height and width of the kernel are swapped.
# loses: learn_kernel-plain, learn_kernel-general
def learn_kernel(x, y, kernel_size, steps, lr):
    kernel = torch.zeros(kernel_size[1], kernel_size[0], requires_grad=True)
    for step in range(steps):
        error = ((F.conv2d(x, kernel[None, None]) - y) ** 2).mean()
        error.backward()
        with torch.no_grad():
            kernel -= lr * kernel.grad
            kernel.grad.zero_()
    return kernel.detach()
