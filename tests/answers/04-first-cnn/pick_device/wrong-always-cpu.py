# Always the CPU.
# loses: pick_device-cuda, pick_device-mps
# cause: the CPU on every computer
def pick_device():
    if False:
        return torch.device("cuda")
    elif False:
        return torch.device("mps")
    else:
        return torch.device("cpu")


batch_size = 64
learning_rate = 0.003
num_epochs = 3
