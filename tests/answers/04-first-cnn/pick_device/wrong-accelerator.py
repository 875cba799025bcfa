# torch's own answer, which is None on a computer without a GPU.
# loses: pick_device-cuda
# cause: nothing is returned where there is no GPU
def pick_device():
    return torch.accelerator.current_accelerator()


batch_size = 64
learning_rate = 0.003
num_epochs = 3
