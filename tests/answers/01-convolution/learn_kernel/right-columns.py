# The gradient of the mean squared error on the columns of the pictures.
def learn_kernel(x, y, kernel_size, steps, lr):
    columns = F.unfold(x, kernel_size).transpose(0, 1).flatten(1)
    wanted = y.flatten()
    kernel = torch.zeros(len(columns), dtype=x.dtype)
    for _ in range(steps):
        kernel = kernel - lr * 2 / len(wanted) * columns @ (kernel @ columns - wanted)
    return kernel.reshape(kernel_size)
