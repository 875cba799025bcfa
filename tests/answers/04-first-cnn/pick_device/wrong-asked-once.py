# Asks when the function is defined, not when it is called.
# loses: pick_device-cuda, pick_device-mps
# cause: the CPU on every computer
found = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"


def pick_device(name=found):
    return torch.device(name)


batch_size, learning_rate, num_epochs = 64, 0.003, 3
