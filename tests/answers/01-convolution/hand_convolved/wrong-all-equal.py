# The pooled number is written everywhere.
# loses: hand_convolved-convolution, hand_convolved-pooling
hand_convolved = torch.full((2, 2), 9.0)
hand_pooled = 9.0
