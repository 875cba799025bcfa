# Half right: raises another error.
# cause: raised TypeError
class Dropout(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        if not 0 <= p <= 1:
            raise TypeError(p)
        self.p = p

    def forward(self, x):
        if not self.training or self.p == 0:
            return x
        if self.p == 1:
            return torch.zeros_like(x)
        kept = torch.rand_like(x) >= self.p
        return x * kept / (1 - self.p)
