# Shuffles whole rows.
# loses: PixelPermutation-permutes
# cause: whole rows
class PixelPermutation(nn.Module):
    def __init__(self, height, width, seed):
        super().__init__()
        self.order = torch.randperm(height, generator=torch.Generator().manual_seed(seed))

    def forward(self, x):
        return x[:, :, self.order]

    def inverse(self, x):
        return x[:, :, self.order.argsort()]
