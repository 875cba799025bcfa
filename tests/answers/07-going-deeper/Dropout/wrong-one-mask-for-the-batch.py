# Half right: one mask for all images.
# loses: Dropout-independent
# cause: all images of the batch share one mask: each number is dropped by itself
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
        mask = (torch.rand(x.shape[1:]) > self.p).to(x.dtype)
        return x * mask / (1 - self.p)
