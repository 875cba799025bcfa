# No return for a computer without a GPU.
# loses: pick_device-cuda
# cause: nothing is returned where there is no GPU
def pick_device():
    if torch.cuda.is_available():
        return torch.device("cuda")
    elif torch.backends.mps.is_available():
        return torch.device("mps")


batch_size = 64
learning_rate = 0.003
num_epochs = 3
