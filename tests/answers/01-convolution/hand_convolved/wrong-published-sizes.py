# The published solution's sizes: a 3×3 output.
# loses: hand_convolved-convolution
# cause: has shape (3, 3)
hand_convolved = torch.tensor([[8.0, 20.0, 0.0], [14.0, 25.0, 0.0], [0.0, 0.0, 0.0]])
hand_pooled = 25.0
