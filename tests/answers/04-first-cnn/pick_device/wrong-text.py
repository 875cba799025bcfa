# The learning rate as a text.
# loses: pick_device-numbers
# cause: came:     '3e-3', str
def pick_device():
    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


batch_size = 64
learning_rate = '3e-3'
num_epochs = 3
