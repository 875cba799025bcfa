# The kernel's rows and columns are swapped.
# loses: hand_convolved-convolution
# cause: the kernel's rows and columns are swapped
hand_convolved = torch.tensor([[8.0, 18.0], [12.0, 23.0]])
hand_pooled = 23.0
