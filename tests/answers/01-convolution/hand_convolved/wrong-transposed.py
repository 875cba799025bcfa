# The output's rows and columns are swapped.
# loses: hand_convolved-convolution
# cause: B and C are swapped
# cause: rows and columns are swapped
hand_convolved = torch.tensor([[8.0, 14.0], [20.0, 25.0]])
hand_pooled = 25.0
