# A permutation matrix, kept as a buffer; its inverse is the transpose.
class PixelPermutation(nn.Module):
    def __init__(self, height, width, seed):
        super().__init__()
        torch.manual_seed(seed)
        self.register_buffer("matrix", torch.eye(height * width)[torch.randperm(height * width)])

    def forward(self, x):
        rows = x.reshape(x.shape[0], x.shape[1], -1)
        return (rows @ self.matrix.T.to(x.dtype)).reshape(x.shape)

    def inverse(self, x):
        rows = x.reshape(x.shape[0], x.shape[1], -1)
        return (rows @ self.matrix.to(x.dtype)).reshape(x.shape)
