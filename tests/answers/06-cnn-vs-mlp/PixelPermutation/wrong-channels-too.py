# Shuffles pixels of all channels together.
# loses: PixelPermutation-permutes, PixelPermutation-fixed, PixelPermutation-inverse
# cause: the same order for all images and channels
class PixelPermutation(nn.Module):
    def __init__(self, height, width, seed):
        super().__init__()
        self.order = torch.randperm(height * width, generator=torch.Generator().manual_seed(seed))
        self.back = torch.argsort(self.order)

    def forward(self, x):
        return x.transpose(1, 2).flatten(2).transpose(1, 2).flatten(2)[:, :, self.order].view(x.shape) if x.shape[1] == 1 else x.flip(1).flatten(2)[:, :, self.order].view(x.shape)

    def inverse(self, x):
        return x.flatten(2)[:, :, self.back].view(x.shape)
