# Sets zeros in the caller's tensor.
# loses: Dropout-train, Dropout-gradient
# cause: an assignment into `x` or an in-place operation; work on `x.clone()`
class Dropout(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        if not 0 <= p <= 1:
            raise ValueError("p must lie in [0, 1]")
        self.p = p

    def forward(self, x):
        if not self.training:
            return x
        if self.p == 1:
            return torch.zeros_like(x)
        x[torch.rand(x.shape) < self.p] = 0
        return x / (1 - self.p)
