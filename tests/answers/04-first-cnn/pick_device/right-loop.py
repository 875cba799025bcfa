# Goes through the names; numbers in one line.
def pick_device():
    available = {"cuda": torch.cuda.is_available, "mps": torch.backends.mps.is_available, "cpu": lambda: True}
    return torch.device(next(name for name, ask in available.items() if ask()))


batch_size, learning_rate, num_epochs = 128, 1e-2, 10
