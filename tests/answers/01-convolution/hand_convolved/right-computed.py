# Computed with PyTorch, the pooled number is a 0-d tensor.
picture_by_hand = torch.tensor([[0.0, 0, 0, 1], [0, 0, 1, 2], [0, 0, 2, 3], [0, 1, 2, 3]])
kernel_by_hand = torch.tensor([[0.0, 0, 2], [0, 1, 2], [0, 2, 3]])
hand_convolved = F.conv2d(picture_by_hand[None, None], kernel_by_hand[None, None])[0, 0]
hand_pooled = hand_convolved.max()
