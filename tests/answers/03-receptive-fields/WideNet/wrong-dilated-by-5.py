# Three layers dilated by 5: a wide window with holes, whose first and last rows are not reached either.
# loses: WideNet-field, WideNet-every-pixel
# cause: the field is 31x31, large enough, but it does not lie over the whole picture: mind the padding, and that the middle unit need not look at the middle
# cause: the field has holes: dilation or stride skips pixels that no other layer reaches
class WideNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(*(nn.Conv2d(1 if i == 0 else 8, 8, 3, padding=5, dilation=5) for i in range(3)))

    def forward(self, x):
        return self.net(x)
