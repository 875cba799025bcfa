# Half right: works on x.data, so no gradient comes back.
# loses: Dropout-gradient
# cause: the forward pass cuts the gradient off, by no_grad, detach or .data
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
        return x.data * mask / (1 - self.p)
