# Running statistics as parameters.
# loses: BatchNorm2d-running, BatchNorm2d-affine
# cause: the running statistics are buffers, not parameters
# cause: the update records gradients: put it under torch.no_grad(), or detach the statistics
# cause: running statistics are buffers, not parameters
class BatchNorm2d(nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.weight, self.bias = nn.Parameter(torch.ones(num_features)), nn.Parameter(torch.zeros(num_features))
        self.running_mean = nn.Parameter(torch.zeros(num_features))
        self.running_var = nn.Parameter(torch.ones(num_features))

    def forward(self, x):
        mean, var = self.running_mean, self.running_var
        if self.training:
            mean, var = x.mean((0, 2, 3)), x.var((0, 2, 3), correction=0)
            with torch.no_grad():
                self.running_mean.lerp_(mean, self.momentum)
                self.running_var.lerp_(x.var((0, 2, 3)), self.momentum)
        x = (x - mean[:, None, None]) / (var + self.eps).sqrt()[:, None, None]
        return x * self.weight[:, None, None] + self.bias[:, None, None]
