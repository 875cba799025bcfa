# The four sums in one row.
# loses: hand_convolved-convolution
# cause: which is 1 axes
hand_convolved = torch.tensor([8.0, 20.0, 14.0, 25.0])
hand_pooled = 25.0
