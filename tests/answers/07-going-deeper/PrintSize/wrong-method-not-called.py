# Prints the method `size`, not what it gives.
# loses: PrintSize-prints
# cause: the numbers in
# cause: the number of lines
class PrintSize(nn.Module):
    def __init__(self, name=""):
        super().__init__()
        self.name = name

    def forward(self, x):
        print(self.name, x.size)
        return x
