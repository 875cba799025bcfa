# Exchanges the first and the last pixel only.
# cause: cross the middle
class PixelPermutation(nn.Module):
    def __init__(self, height, width, seed):
        super().__init__()
        self.order = torch.arange(height * width)
        a, b = seed % (height * width - 1), height * width - 1
        self.order[[a, b]] = self.order[[b, a]]
        self.back = torch.argsort(self.order)

    def forward(self, x):
        return x.flatten(2)[:, :, self.order].view(x.shape)

    def inverse(self, x):
        return x.flatten(2)[:, :, self.back].view(x.shape)
