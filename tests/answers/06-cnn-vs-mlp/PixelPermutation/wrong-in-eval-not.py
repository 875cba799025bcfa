# Shuffles in training mode only.
# loses: PixelPermutation-fixed
# cause: in evaluation mode
class PixelPermutation(nn.Module):
    def __init__(self, height, width, seed):
        super().__init__()
        self.order = torch.randperm(height * width, generator=torch.Generator().manual_seed(seed))

    def forward(self, x):
        if not self.training:
            return x
        return x.flatten(2)[:, :, self.order].view(x.shape)

    def inverse(self, x):
        return x.flatten(2)[:, :, self.order.argsort()].view(x.shape)
