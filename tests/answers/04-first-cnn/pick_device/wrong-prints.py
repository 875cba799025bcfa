# Prints the device.
# loses: pick_device-cuda, pick_device-mps
# cause: the function ends without `return`
def pick_device():
    print("cuda" if torch.cuda.is_available() else "cpu")


batch_size = 64
learning_rate = 0.003
num_epochs = 3
