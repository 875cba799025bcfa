# Half right: forgets the GPU of Apple.
# loses: pick_device-mps
# cause: Apple's GPU is never asked for
def pick_device():
    if torch.cuda.is_available():
        return torch.device("cuda")
    else:
        return torch.device("cpu")


batch_size = 64
learning_rate = 0.003
num_epochs = 3
