# Keeps one order; the inverse writes to its places.
class PixelPermutation(nn.Module):
    def __init__(self, height, width, seed):
        super().__init__()
        self.order = torch.randperm(height * width, generator=torch.Generator().manual_seed(seed))

    def forward(self, x):
        return x.flatten(2)[:, :, self.order].view(x.shape)

    def inverse(self, x):
        back = torch.empty_like(x).flatten(2)
        back[:, :, self.order] = x.flatten(2)
        return back.view(x.shape)
