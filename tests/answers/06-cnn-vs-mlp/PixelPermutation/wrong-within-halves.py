# Shuffles the upper and the lower half of the image, each by itself.
# cause: cross the middle
class PixelPermutation(nn.Module):
    def __init__(self, height, width, seed):
        super().__init__()
        self.order = torch.arange(height * width)
        g, half = torch.Generator().manual_seed(seed), height * width // 2
        self.order = torch.cat([torch.randperm(half, generator=g), half + torch.randperm(height * width - half, generator=g)])
        self.back = torch.argsort(self.order)

    def forward(self, x):
        return x.flatten(2)[:, :, self.order].view(x.shape)

    def inverse(self, x):
        return x.flatten(2)[:, :, self.back].view(x.shape)
