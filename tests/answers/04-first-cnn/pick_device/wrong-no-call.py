# Writes is_available without the brackets: a function is always true.
# loses: pick_device-cuda, pick_device-mps
# cause: a function without ()
def pick_device():
    if torch.cuda.is_available:
        return torch.device("cuda")
    elif torch.backends.mps.is_available():
        return torch.device("mps")
    else:
        return torch.device("cpu")


batch_size = 64
learning_rate = 0.003
num_epochs = 3
