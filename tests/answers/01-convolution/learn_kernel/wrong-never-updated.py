# The gradient is computed, the step is forgotten.
# loses: learn_kernel-plain, learn_kernel-general
# cause: all zeros: no step was taken, or it is not the kernel that is returned
def learn_kernel(x, y, kernel_size, steps, lr):
    kernel = torch.zeros(kernel_size, requires_grad=True)
    for step in range(steps):
        error = ((F.conv2d(x, kernel[None, None]) - y) ** 2).mean()
        error.backward()
        with torch.no_grad():
            kernel.grad.zero_()
    return kernel.detach()
