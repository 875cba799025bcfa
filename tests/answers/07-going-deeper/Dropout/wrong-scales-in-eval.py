# Half right: the scaling is done in evaluation mode, not in training.
# loses: Dropout-eval, Dropout-train, Dropout-gradient
# cause: the rest is not scaled up: divide it by 1 - p
# cause: evaluation mode needs no scaling: it is done in training already
# cause: the survivors are not scaled up: divide them by 1 - p
# cause: the survivors are not scaled up
class Dropout(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        if not 0 <= p <= 1:
            raise ValueError("p must lie in [0, 1]")
        self.p = p

    def forward(self, x):
        if not self.training:
            return x * (1 - self.p)
        if self.p == 1:
            return torch.zeros_like(x)
        mask = (torch.rand(x.shape) > self.p).to(x.dtype)
        return x * mask
