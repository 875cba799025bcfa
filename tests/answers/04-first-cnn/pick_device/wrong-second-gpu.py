# The second GPU, as on the author's computer.
# loses: pick_device-cuda, pick_device-mps
# cause: cuda:1
def pick_device():
    if torch.cuda.is_available():
        return torch.device("cuda:1")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


batch_size = 64
learning_rate = 0.003
num_epochs = 3
