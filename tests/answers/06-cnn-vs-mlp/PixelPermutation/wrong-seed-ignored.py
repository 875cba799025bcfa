# Half right: ignores the seed.
# loses: PixelPermutation-fixed, PixelPermutation-inverse
# cause: the order comes from `seed` alone
class PixelPermutation(nn.Module):
    def __init__(self, height, width, seed):
        super().__init__()
        self.order = torch.randperm(height * width)

    def forward(self, x):
        return x.flatten(2)[:, :, self.order].view(x.shape)

    def inverse(self, x):
        return x.flatten(2)[:, :, self.order.argsort()].view(x.shape)
