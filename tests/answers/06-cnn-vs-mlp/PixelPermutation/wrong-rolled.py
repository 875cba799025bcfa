# Rolls the pixels by the seed: no random order.
# cause: pixels within a column, are moved
# cause: cross the middle
class PixelPermutation(nn.Module):
    def __init__(self, height, width, seed):
        super().__init__()
        self.order = torch.arange(height * width).roll(seed + 1)
        self.back = torch.argsort(self.order)

    def forward(self, x):
        return x.flatten(2)[:, :, self.order].view(x.shape)

    def inverse(self, x):
        return x.flatten(2)[:, :, self.back].view(x.shape)
