# masked_fill, and division in place on the copy.
class Dropout(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        if not 0 <= p <= 1:
            raise ValueError(p)
        self.p = p

    def forward(self, x):
        if not self.training or self.p == 0:
            return x
        if self.p == 1:
            return torch.zeros_like(x)
        return x.masked_fill(torch.rand(x.shape) < self.p, 0.0).div(1 - self.p)
