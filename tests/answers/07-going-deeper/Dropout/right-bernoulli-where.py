# bernoulli and masked_fill, scaled by a mean that is guarded.
class Dropout(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        if p < 0.0 or p > 1.0:
            raise ValueError(p)
        self.keep = 1.0 - p

    def forward(self, x):
        if self.training and self.keep < 1:
            drawn = torch.bernoulli(torch.full_like(x, self.keep))
            return torch.where(drawn == 1, x / max(self.keep, 1e-12), 0.0)
        return x
