# Normal random numbers in place of uniform ones.
# cause: the share of zeros
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
        kept = torch.randn_like(x) >= self.p
        return x * kept / (1 - self.p)
