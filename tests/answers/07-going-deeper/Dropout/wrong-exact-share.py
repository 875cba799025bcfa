# Half right: drops exactly a share p of each image, chosen at random.
# loses: Dropout-independent
# cause: exactly half of each image is dropped: let chance decide for each number by itself
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
        ranks = torch.rand(x.shape).flatten(1).argsort(1).argsort(1).view(x.shape)
        mask = ranks >= self.p * x[0].numel()
        return x * mask / (1 - self.p)
