# One slip in window D, which is also the maximum.
# loses: hand_convolved-convolution
hand_convolved = torch.tensor([[8.0, 20.0], [14.0, 24.0]])
hand_pooled = 24.0
