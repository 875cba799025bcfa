# Sorts the shuffled pixels by value to go back.
# loses: PixelPermutation-inverse
class PixelPermutation(nn.Module):
    def __init__(self, height, width, seed):
        super().__init__()
        self.order = torch.randperm(height * width, generator=torch.Generator().manual_seed(seed))
        self.back = torch.argsort(self.order)

    def forward(self, x):
        return x.flatten(2)[:, :, self.order].view(x.shape)

    def inverse(self, x):
        return x.flatten(2).sort(-1).values.view(x.shape)
