# Shuffles rows and columns, each as a whole.
# loses: PixelPermutation-permutes
# cause: whole rows
class PixelPermutation(nn.Module):
    def __init__(self, height, width, seed):
        super().__init__()
        g = torch.Generator().manual_seed(seed)
        self.rows, self.columns = torch.randperm(height, generator=g), torch.randperm(width, generator=g)

    def forward(self, x):
        return x[:, :, self.rows][..., self.columns]

    def inverse(self, x):
        return x[:, :, self.rows.argsort()][..., self.columns.argsort()]
