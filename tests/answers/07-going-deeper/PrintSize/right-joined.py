# Sizes joined by a times sign.
class PrintSize(nn.Module):
    def __init__(self, name=""):
        super().__init__()
        self.name = name

    def forward(self, x):
        sizes = "x".join(str(size) for size in x.shape)
        print(self.name + " " + sizes)
        return x
