# In float64, and filled number by number.
hand_convolved = torch.zeros(2, 2, dtype=torch.float64)
hand_convolved[0, 0] = 8
hand_convolved[0, 1] = 20
hand_convolved[1, 0] = 14
hand_convolved[1, 1] = 25
hand_pooled = float(hand_convolved.amax())
