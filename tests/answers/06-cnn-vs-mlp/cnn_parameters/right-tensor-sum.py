# Adds up in a tensor, so the answers are 0-d tensors.
cnn_parameters = torch.tensor([144 + 16, 4608 + 32, 2048 + 64, 6400 + 4, 360 + 10]).sum()
mlp_parameters = torch.tensor([12_544, 16, 160, 10]).sum()
