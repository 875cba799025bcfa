# Both layers in one comprehension; shapes as torch.Size.
layer, same_layer = (nn.Conv2d(1, 8, 5, padding=pad) for pad in (0, 5 // 2))
weight_shape = torch.Size([8, 1, 5, 5])
output_shape = torch.Size([8] + [28 - 5 + 1] * 2)
