"""What every test process does first."""

import torch

# At its first backward pass PyTorch starts threads for all devices, also for those that `torch.export` makes up, and
# from then on no fork of this process could go backward. Now there are none.
torch.ones(1, requires_grad=True).sum().backward()
