# Half right: prints in the first pass only.
# loses: PrintSize-prints
# cause: the number of lines of a network
# cause: what it prints in evaluation mode
class PrintSize(nn.Module):
    def __init__(self, name=""):
        super().__init__()
        self.name = name

    def forward(self, x):
        if self.name is not None:
            print(self.name, tuple(x.shape))
        self.name = None
        return x
