# Divides by p.
# loses: Dropout-train, Dropout-gradient, Dropout-edges
# cause: it is divided by p
# cause: the survivors are divided by p
# cause: a division by zero, or memory that was never filled (torch.empty)
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
        mask = (torch.rand(x.shape) > self.p).to(x.dtype)
        return x * mask / self.p
