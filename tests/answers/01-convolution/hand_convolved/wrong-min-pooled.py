# The smallest of the four sums.
# loses: hand_convolved-pooling
# cause: the smallest of the four sums
hand_convolved = torch.tensor([[8.0, 20.0], [14.0, 25.0]])
hand_pooled = 8.0
