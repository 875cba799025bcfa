# Half right: 0 / 0 for p of 1.
# loses: Dropout-edges
# cause: 0 / 0 and 0 · inf are NaN: treat p=1 by itself, without the division
# cause: treat p = 1 by itself
class Dropout(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        if not 0 <= p <= 1:
            raise ValueError("p must lie in [0, 1]")
        self.p = p

    def forward(self, x):
        if not self.training:
            return x
        mask = (torch.rand(x.shape) > self.p).to(x.dtype)
        return x * mask / (1 - self.p)
