# Half right: the same for all columns.
# cause: share one mask
# cause: the same for all columns
# cause: whole rows are dropped together
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
        kept = torch.rand_like(x[..., :1]) >= self.p
        return x * kept / (1 - self.p)
