# The kernel is turned by 180 degrees first.
# loses: hand_convolved-convolution
# cause: the kernel was turned by 180 degrees
hand_convolved = torch.tensor([[0.0, 1.0], [0.0, 6.0]])
hand_pooled = 6.0
