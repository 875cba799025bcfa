# The return is missing.
# loses: PrintSize-passes, PrintSize-prints
# cause: without `return`
class PrintSize(nn.Module):
    def __init__(self, name=""):
        super().__init__()
        self.name = name

    def forward(self, x):
        print(self.name, tuple(x.shape))
