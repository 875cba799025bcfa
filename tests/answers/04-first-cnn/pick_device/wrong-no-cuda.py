# Half right: forgets the NVIDIA GPU.
# loses: pick_device-cuda, pick_device-mps
# cause: the NVIDIA GPU is never asked for
def pick_device():
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


batch_size = 64
learning_rate = 0.003
num_epochs = 3
