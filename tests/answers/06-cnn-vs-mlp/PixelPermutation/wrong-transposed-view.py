# Half right: lays the pixels out with height and width swapped, so only square images work.
# loses: PixelPermutation-permutes, PixelPermutation-inverse
# cause: has shape
class PixelPermutation(nn.Module):
    def __init__(self, height, width, seed):
        super().__init__()
        self.order = torch.randperm(height * width, generator=torch.Generator().manual_seed(seed))

    def forward(self, x):
        return x.flatten(2)[:, :, self.order].view(x.shape[0], x.shape[1], x.shape[3], x.shape[2])

    def inverse(self, x):
        return x.flatten(2)[:, :, self.order.argsort()].view(x.shape[0], x.shape[1], x.shape[3], x.shape[2])
