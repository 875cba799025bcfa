# With momentum, from small random numbers.
def learn_kernel(x, y, kernel_size, steps, lr):
    kernel = nn.Parameter(0.1 * torch.randn(1, 1, *kernel_size))
    optimizer = torch.optim.SGD([kernel], lr=lr, momentum=0.5)
    for _ in range(steps):
        error = (F.conv2d(x, kernel) - y).pow(2).mean()
        kernel.grad = torch.autograd.grad(error, kernel)[0]
        optimizer.step()
    return kernel.squeeze(0).squeeze(0).detach()
