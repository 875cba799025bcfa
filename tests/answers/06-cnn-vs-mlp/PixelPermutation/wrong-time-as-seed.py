# Adds the time to the seed.
# cause: the order comes from `seed` alone
class PixelPermutation(nn.Module):
    def __init__(self, height, width, seed):
        super().__init__()
        self.order = torch.randperm(height * width, generator=torch.Generator().manual_seed(seed + __import__('time').time_ns()))
        self.back = torch.argsort(self.order)

    def forward(self, x):
        return x.flatten(2)[:, :, self.order].view(x.shape)

    def inverse(self, x):
        return x.flatten(2)[:, :, self.back].view(x.shape)
