# One slip in the arithmetic of window B, carried no further.
# loses: hand_convolved-convolution
hand_convolved = torch.tensor([[8.0, 18.0], [14.0, 25.0]])
hand_pooled = 25.0
