# take_along_dim both ways; an argsort of random numbers for the order.
class PixelPermutation(nn.Module):
    def __init__(self, height, width, seed):
        super().__init__()
        self.register_buffer("order", torch.rand(height * width, generator=torch.Generator().manual_seed(seed)).argsort()[None, None])

    def _moved(self, x, order):
        return torch.take_along_dim(x.reshape(*x.shape[:2], -1), order, dim=2).reshape_as(x)

    def forward(self, x):
        return self._moved(x, self.order)

    def inverse(self, x):
        return self._moved(x, self.order.argsort())
