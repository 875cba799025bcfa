# Whole numbers, and the pooled number as an int.
hand_convolved = torch.tensor([[8, 20], [14, 25]])
hand_pooled = 25
