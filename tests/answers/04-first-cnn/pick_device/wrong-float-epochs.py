# The number of epochs as a float.
# loses: pick_device-numbers
# cause: 3.0, a float
def pick_device():
    if torch.cuda.is_available():
        return torch.device("cuda")
    elif torch.backends.mps.is_available():
        return torch.device("mps")
    else:
        return torch.device("cpu")


batch_size = 64
learning_rate = 0.003
num_epochs = 3.0
