# Always CUDA, because the author has one.
# loses: pick_device-cuda, pick_device-mps
# cause: CUDA on every computer
def pick_device():
    if True:
        return torch.device("cuda")
    elif torch.backends.mps.is_available():
        return torch.device("mps")
    else:
        return torch.device("cpu")


batch_size = 64
learning_rate = 0.003
num_epochs = 3
