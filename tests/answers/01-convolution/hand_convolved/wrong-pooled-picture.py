# The greatest pixel of the picture, not of the output.
# loses: hand_convolved-pooling
# cause: the greatest pixel of the picture
hand_convolved = torch.tensor([[8.0, 20.0], [14.0, 25.0]])
hand_pooled = 3.0
