# Half right: detaches what it passes on.
# loses: PrintSize-passes
# cause: detach, .data or no_grad cuts the network in two
class PrintSize(nn.Module):
    def __init__(self, name=""):
        super().__init__()
        self.name = name

    def forward(self, x):
        print(self.name, tuple(x.shape))
        return x.detach()
