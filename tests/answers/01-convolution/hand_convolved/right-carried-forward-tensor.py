# The pooled number is taken from the four sums by a library.
hand_convolved = torch.tensor([[2 + 6, 2 + 5 + 13], [2 + 12, 4 + 8 + 13]], dtype=torch.float32)
hand_pooled = F.max_pool2d(hand_convolved[None, None], 2).squeeze()
