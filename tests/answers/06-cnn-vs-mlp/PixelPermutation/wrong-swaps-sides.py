# Lays the result out with height and width exchanged.
# cause: has shape
# cause: height and width are swapped
class PixelPermutation(nn.Module):
    def __init__(self, height, width, seed):
        super().__init__()
        self.order = torch.randperm(height * width, generator=torch.Generator().manual_seed(seed))
        self.back = torch.argsort(self.order)

    def forward(self, x):
        return x.flatten(2)[:, :, self.order].view(*x.shape[:2], x.shape[3], x.shape[2])

    def inverse(self, x):
        return x.flatten(2)[:, :, self.back].view(x.shape)
