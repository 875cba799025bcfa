# The pooling is left out.
# loses: hand_convolved-pooling
# cause: which is 2 axes
hand_convolved = torch.tensor([[8.0, 20.0], [14.0, 25.0]])
hand_pooled = torch.tensor([[8.0, 20.0], [14.0, 25.0]])
