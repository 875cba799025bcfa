# Half right: prints in training mode only.
# loses: PrintSize-prints
# cause: in evaluation mode
# cause: training=False
class PrintSize(nn.Module):
    def __init__(self, name=""):
        super().__init__()
        self.name = name

    def forward(self, x):
        if self.training:
            print(self.name, tuple(x.shape))
        return x
