# Drops in evaluation mode too.
# loses: Dropout-eval, Dropout-gradient
# cause: evaluation mode drops too
class Dropout(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        if not 0 <= p <= 1:
            raise ValueError("p must lie in [0, 1]")
        self.p = p

    def forward(self, x):
        if self.p == 1:
            return torch.zeros_like(x)
        mask = (torch.rand(x.shape) > self.p).to(x.dtype)
        return x * mask / (1 - self.p)
