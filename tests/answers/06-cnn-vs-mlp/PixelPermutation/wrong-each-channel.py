# Moves pixels across channels: flattens the channels too.
# loses: PixelPermutation-permutes, PixelPermutation-fixed
# cause: the same order for all images and channels
class PixelPermutation(nn.Module):
    def __init__(self, height, width, seed):
        super().__init__()
        self.order = torch.randperm(height * width, generator=torch.Generator().manual_seed(seed))

    def forward(self, x):
        n, c, h, w = x.shape
        order = torch.cat([self.order * c + k for k in range(c)])
        return x.flatten(1)[:, order].view(x.shape)

    def inverse(self, x):
        n, c, h, w = x.shape
        order = torch.cat([self.order * c + k for k in range(c)])
        return x.flatten(1)[:, order.argsort()].view(x.shape)
