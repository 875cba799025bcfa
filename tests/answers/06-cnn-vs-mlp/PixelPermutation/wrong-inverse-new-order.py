# Draws another order for the inverse.
# loses: PixelPermutation-inverse
class PixelPermutation(nn.Module):
    def __init__(self, height, width, seed):
        super().__init__()
        self.order = torch.randperm(height * width, generator=torch.Generator().manual_seed(seed))
        self.back = torch.randperm(height * width, generator=torch.Generator().manual_seed(seed + 1))

    def forward(self, x):
        return x.flatten(2)[:, :, self.order].view(x.shape)

    def inverse(self, x):
        return x.flatten(2)[:, :, self.back].view(x.shape)
