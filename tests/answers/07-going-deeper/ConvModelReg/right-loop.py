# The head is made first, the blocks in a loop.
class ConvModelReg(nn.Module):
    def __init__(self, f1=32, f2=64, dropout_p=0.3):
        super().__init__()
        self.last, self.hidden, self.drop = nn.Linear(128, 10), nn.Linear(f2 * 14 * 14, 128), nn.Dropout(dropout_p)
        for place, (inside, outside) in enumerate([(1, f1), (f1, f2)]):
            self.add_module(f"norm{place}", nn.BatchNorm2d(outside))
            self.add_module(f"conv{place}", nn.Conv2d(inside, outside, 3, padding=1, bias=False))

    def forward(self, x):
        for place in range(2):
            x = getattr(self, f"norm{place}")(getattr(self, f"conv{place}")(x)).relu_()
        return self.last(self.drop(self.hidden(F.max_pool2d(x, 2).flatten(1)).relu_()))
