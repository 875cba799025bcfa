# The four sums and their maximum, written down.
hand_convolved = torch.tensor([[8.0, 20.0], [14.0, 25.0]])
hand_pooled = 25.0
