# Half right: forgets to give the result the image's shape.
# loses: PixelPermutation-permutes, PixelPermutation-inverse
# cause: which is 3 axes
class PixelPermutation(nn.Module):
    def __init__(self, height, width, seed):
        super().__init__()
        self.order = torch.randperm(height * width, generator=torch.Generator().manual_seed(seed))

    def forward(self, x):
        return x.flatten(2)[:, :, self.order]

    def inverse(self, x):
        return x.flatten(2)[:, :, self.order.argsort()]
