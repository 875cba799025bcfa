# The condition is turned round.
# loses: pick_device-cuda, pick_device-mps
# cause: about CUDA is turned round
def pick_device():
    if not torch.cuda.is_available():
        return torch.device("cuda")
    elif torch.backends.mps.is_available():
        return torch.device("mps")
    else:
        return torch.device("cpu")


batch_size = 64
learning_rate = 0.003
num_epochs = 3
