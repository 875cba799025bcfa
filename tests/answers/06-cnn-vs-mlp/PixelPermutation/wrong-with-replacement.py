# Draws places with repetition: pixels are lost.
# loses: PixelPermutation-permutes, PixelPermutation-inverse
# cause: drawn twice and others are lost
class PixelPermutation(nn.Module):
    def __init__(self, height, width, seed):
        super().__init__()
        self.order = torch.randint(height * width, (height * width,), generator=torch.Generator().manual_seed(seed))

    def forward(self, x):
        return x.flatten(2)[:, :, self.order].view(x.shape)

    def inverse(self, x):
        return x.flatten(2)[:, :, self.order.argsort()].view(x.shape)
