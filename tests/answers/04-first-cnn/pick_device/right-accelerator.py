# torch's own answer, or the CPU.
def pick_device():
    return torch.accelerator.current_accelerator() if torch.accelerator.is_available() else torch.device('cpu')


batch_size = 64
learning_rate = 0.003
num_epochs = 3
