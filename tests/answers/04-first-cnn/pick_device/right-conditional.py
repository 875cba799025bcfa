# One conditional expression; the GPU by its number.
def pick_device():
    name = "cuda:0" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
    return torch.device(name)


batch_size = 32
learning_rate = 1e-3
num_epochs = 5
