# Half right: no convolution at all.
# loses: WideNet-shape, WideNet-budget
# cause: the layers have no parameters, or no_grad or detach cuts the gradient off
# cause: the forward pass uses no layer with weights
class WideNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.pool = nn.AvgPool2d(28)

    def forward(self, x):
        return self.pool(x)
