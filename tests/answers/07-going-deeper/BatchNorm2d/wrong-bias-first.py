# Half right: shifts before it scales.
# loses: BatchNorm2d-affine, BatchNorm2d-backward, BatchNorm2d-state
# cause: it shifts by the bias before it scales by the weight
# cause: first scale, then shift
class BatchNorm2d(nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.eps = eps
        self.momentum = momentum
        self.weight = nn.Parameter(torch.ones(num_features))
        self.bias = nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))

    def forward(self, x):
        if self.training:
            mean = x.mean(dim=(0, 2, 3))
            var = x.var(dim=(0, 2, 3), correction=0)
            unbiased = x.var(dim=(0, 2, 3), correction=1)
            m = self.momentum
            self.running_mean = (1 - m) * self.running_mean + m * mean.detach()
            self.running_var = (1 - m) * self.running_var + m * unbiased.detach()
        else:
            mean = self.running_mean
            var = self.running_var
        x = (x - mean.view(1, -1, 1, 1)) / torch.sqrt(var.view(1, -1, 1, 1) + self.eps)
        return (x + self.bias.view(1, -1, 1, 1)) * self.weight.view(1, -1, 1, 1)
