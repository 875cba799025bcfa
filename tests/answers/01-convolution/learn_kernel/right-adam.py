# The Adam optimizer, starting from random numbers.
def learn_kernel(x, y, kernel_size, steps, lr):
    kernel = torch.nn.Parameter(torch.randn(1, 1, *kernel_size) / 10)
    optimizer = torch.optim.Adam([kernel], lr=lr)
    for _ in range(steps):
        optimizer.zero_grad()
        F.mse_loss(F.conv2d(x, kernel), y).backward()
        optimizer.step()
    return kernel.detach().squeeze(0).squeeze(0)
