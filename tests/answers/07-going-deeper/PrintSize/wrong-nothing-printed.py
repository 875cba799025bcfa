# Builds the line, and prints nothing.
# loses: PrintSize-prints
# cause: nothing is printed
# cause: the numbers in
class PrintSize(nn.Module):
    def __init__(self, name=""):
        super().__init__()
        self.name = name

    def forward(self, x):
        f"{self.name} {tuple(x.shape)}"
        return x
