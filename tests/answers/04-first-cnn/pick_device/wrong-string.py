# Returns names, not devices.
# loses: pick_device-cuda, pick_device-mps
# cause: this is a name
def pick_device():
    if torch.cuda.is_available():
        return "cuda"
    elif torch.backends.mps.is_available():
        return "mps"
    else:
        return "cpu"


batch_size = 64
learning_rate = 0.003
num_epochs = 3
