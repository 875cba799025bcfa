# The mask is drawn once and kept.
# loses: Dropout-train
# cause: the mask is the same in every pass: draw it in forward
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
        if not hasattr(self, 'mask') or self.mask.shape != x.shape:
            self.mask = (torch.rand(x.shape) > self.p).to(x.dtype)
        return x * self.mask / (1 - self.p)
