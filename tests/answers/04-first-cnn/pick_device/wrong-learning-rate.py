# A learning rate of 1: every step overshoots.
# loses: pick_device-numbers
# cause: came:     1.0, a float
def pick_device():
    if torch.cuda.is_available():
        return torch.device("cuda")
    elif torch.backends.mps.is_available():
        return torch.device("mps")
    else:
        return torch.device("cpu")


batch_size = 64
learning_rate = 1.0
num_epochs = 3
