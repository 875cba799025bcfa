# Half right: the name is left out.
# loses: PrintSize-prints
# cause: the name
class PrintSize(nn.Module):
    def __init__(self, name=""):
        super().__init__()
        self.name = name

    def forward(self, x):
        print(tuple(x.shape))
        return x
