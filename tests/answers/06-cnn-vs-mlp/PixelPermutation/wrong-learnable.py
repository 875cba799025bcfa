# Keeps the order as a parameter that training would change.
# loses: PixelPermutation-fixed
# cause: the list of parameters that training would change
class PixelPermutation(nn.Module):
    def __init__(self, height, width, seed):
        super().__init__()
        self.order = torch.randperm(height * width, generator=torch.Generator().manual_seed(seed))
        self.marks = nn.Parameter(self.order.float())
        self.back = torch.argsort(self.order)

    def forward(self, x):
        return x.flatten(2)[:, :, self.order].view(x.shape)

    def inverse(self, x):
        return x.flatten(2)[:, :, self.back].view(x.shape)
