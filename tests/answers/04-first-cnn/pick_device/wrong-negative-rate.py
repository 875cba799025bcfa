# A negative learning rate: it climbs.
# loses: pick_device-numbers
# cause: came:     -0.003
def pick_device():
    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


batch_size = 64
learning_rate = -0.003
num_epochs = 3
