# The four sums in reverse order.
# loses: hand_convolved-convolution
# cause: A, B, C, D are in reverse order
# cause: the four sums are in the reverse order
hand_convolved = torch.tensor([[25.0, 14.0], [20.0, 8.0]])
hand_pooled = 25.0
