# Half right: changes the tensor on the way.
# loses: PrintSize-passes
# cause: in-place operation
# cause: what PrintSize
class PrintSize(nn.Module):
    def __init__(self, name=""):
        super().__init__()
        self.name = name

    def forward(self, x):
        print(self.name, tuple(x.shape))
        return x.mul_(1.5) if not x.requires_grad else x
