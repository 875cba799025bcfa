# Takes every p.
# loses: Dropout-errors
# cause: ValueError, because no right answer exists
class Dropout(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        self.p = p

    def forward(self, x):
        if not self.training:
            return x
        if self.p == 1:
            return torch.zeros_like(x)
        mask = (torch.rand(x.shape) > self.p).to(x.dtype)
        return x * mask / (1 - self.p)
