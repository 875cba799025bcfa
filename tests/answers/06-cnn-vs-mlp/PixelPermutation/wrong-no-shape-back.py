# Gives rows of pixels back, not images.
# cause: has shape
class PixelPermutation(nn.Module):
    def __init__(self, height, width, seed):
        super().__init__()
        self.order = torch.randperm(height * width, generator=torch.Generator().manual_seed(seed))
        self.back = torch.argsort(self.order)

    def forward(self, x):
        return x.flatten(2)[:, :, self.order]

    def inverse(self, x):
        return x.flatten(2)[:, :, self.back].view(x.shape)
