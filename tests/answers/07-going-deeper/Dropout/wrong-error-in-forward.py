# Half right: complains only when it is used.
# loses: Dropout-errors
# cause: ValueError, because no right answer exists
class Dropout(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        self.p = p

    def forward(self, x):
        if self.p < 0 or self.p > 1:
            raise ValueError(self.p)
        if not self.training:
            return x
        if self.p == 1:
            return torch.zeros_like(x)
        return x * (torch.rand_like(x) > self.p) / (1 - self.p)
