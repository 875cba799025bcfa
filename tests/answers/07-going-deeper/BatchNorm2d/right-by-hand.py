# Sums written out on flattened channels, buffers changed in place.
class BatchNorm2d(nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.weight = nn.Parameter(torch.full((num_features,), 1.0))
        self.bias = nn.Parameter(torch.full((num_features,), 0.0))
        for name, value in (("running_mean", 0.0), ("running_var", 1.0)):
            self.register_buffer(name, torch.full((num_features,), value))

    def forward(self, x):
        n, c, h, w = x.shape
        rows = x.transpose(0, 1).reshape(c, -1)
        mean, var = self.running_mean, self.running_var
        if self.training:
            count = n * h * w
            mean = rows.sum(1) / count
            squares = (rows - mean[:, None]).pow(2).sum(1)
            var = squares / count
            self.running_mean.mul_(1 - self.momentum).add_(mean.detach(), alpha=self.momentum)
            self.running_var.mul_(1 - self.momentum).add_((squares / (count - 1)).detach(), alpha=self.momentum)
        rows = (rows - mean[:, None]) * (var[:, None] + self.eps).rsqrt() * self.weight[:, None] + self.bias[:, None]
        return rows.reshape(c, n, h, w).transpose(0, 1)
