# A mask drawn in place and divided before it is used.
class Dropout(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        if not (p >= 0 and p <= 1):
            raise ValueError(f"not a probability: {p}")
        self.p = p

    def forward(self, x):
        if not self.training or self.p == 0:
            return x.clone()
        mask = torch.empty_like(x).bernoulli_(1 - self.p)
        if self.p < 1:
            mask.div_(1 - self.p)
        return x * mask
