# Another order for each image of a batch.
# loses: PixelPermutation-permutes, PixelPermutation-fixed
# cause: the same order for all images and channels
class PixelPermutation(nn.Module):
    def __init__(self, height, width, seed):
        super().__init__()
        self.size, self.seed = height * width, seed

    def forward(self, x):
        rows = x.flatten(2)
        return torch.stack([row[:, self._order(i)] for i, row in enumerate(rows)]).view(x.shape)

    def inverse(self, x):
        rows = x.flatten(2)
        return torch.stack([row[:, self._order(i).argsort()] for i, row in enumerate(rows)]).view(x.shape)

    def _order(self, i):
        return torch.randperm(self.size, generator=torch.Generator().manual_seed(100 * self.seed + i))
