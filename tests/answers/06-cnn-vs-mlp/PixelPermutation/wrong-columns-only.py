# Shuffles whole columns.
# loses: PixelPermutation-permutes
# cause: pixels within a row, are moved
class PixelPermutation(nn.Module):
    def __init__(self, height, width, seed):
        super().__init__()
        self.order = torch.randperm(width, generator=torch.Generator().manual_seed(seed))

    def forward(self, x):
        return x[..., self.order]

    def inverse(self, x):
        return x[..., self.order.argsort()]
