# Half right: uses seed 0 whatever is given.
# loses: PixelPermutation-fixed
# cause: the seed is not used
class PixelPermutation(nn.Module):
    def __init__(self, height, width, seed):
        super().__init__()
        self.order = torch.randperm(height * width, generator=torch.Generator().manual_seed(0))

    def forward(self, x):
        return x.flatten(2)[:, :, self.order].view(x.shape)

    def inverse(self, x):
        return x.flatten(2)[:, :, self.order.argsort()].view(x.shape)
