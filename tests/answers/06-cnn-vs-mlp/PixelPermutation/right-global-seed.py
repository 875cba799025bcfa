# Seeds PyTorch's own generator within a fork of it; rows and columns as two index tensors.
class PixelPermutation(nn.Module):
    def __init__(self, height, width, seed):
        super().__init__()
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            order = torch.randperm(height * width).view(height, width)
        self.rows, self.columns = order // width, order % width

    def forward(self, x):
        return x[:, :, self.rows, self.columns]

    def inverse(self, x):
        result = torch.zeros_like(x)
        result[:, :, self.rows, self.columns] = x
        return result
