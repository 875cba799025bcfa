# The kernel is solved for as a least-squares problem; steps and lr are not used.
# loses: learn_kernel-general
# cause: a learning rate or a number of steps of your own, or a kernel that is solved for
def learn_kernel(x, y, kernel_size, steps, lr):
    columns = F.unfold(x, kernel_size).transpose(0, 1).flatten(1)
    return torch.linalg.lstsq(columns.T, y.flatten()[:, None]).solution.reshape(kernel_size)
