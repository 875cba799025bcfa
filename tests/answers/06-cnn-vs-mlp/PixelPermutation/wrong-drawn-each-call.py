# Draws a new order in each call.
# loses: PixelPermutation-permutes, PixelPermutation-fixed, PixelPermutation-inverse
# cause: draw the order once, in __init__
class PixelPermutation(nn.Module):
    def __init__(self, height, width, seed):
        super().__init__()
        self.size = height * width

    def forward(self, x):
        self.order = torch.randperm(self.size)
        return x.flatten(2)[:, :, self.order].view(x.shape)

    def inverse(self, x):
        return x.flatten(2)[:, :, self.order.argsort()].view(x.shape)
