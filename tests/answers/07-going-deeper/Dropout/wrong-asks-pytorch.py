# Hands the work to F.dropout.
# loses: Dropout-eval, Dropout-train, Dropout-independent, Dropout-gradient, Dropout-edges
# cause: are blocked here
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
        return F.dropout(x, self.p)
