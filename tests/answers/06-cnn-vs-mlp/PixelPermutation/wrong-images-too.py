# Shuffles the images of the batch too.
# cause: the same order for all images and channels
class PixelPermutation(nn.Module):
    def __init__(self, height, width, seed):
        super().__init__()
        self.order = torch.randperm(height * width, generator=torch.Generator().manual_seed(seed))
        self.back = torch.argsort(self.order)

    def forward(self, x):
        return x.flip(0).flatten(2)[:, :, self.order].view(x.shape)

    def inverse(self, x):
        return x.flatten(2)[:, :, self.back].view(x.shape)
