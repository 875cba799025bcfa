# Channels moved to the end, lerp for the running statistics.
class BatchNorm2d(nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.weight, self.bias = nn.Parameter(torch.ones(num_features)), nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))
        self.register_buffer("num_batches_tracked", torch.tensor(0))

    def forward(self, x):
        pixels = x.movedim(1, -1)
        if self.training:
            var, mean = torch.var_mean(pixels, dim=(0, 1, 2), correction=0)
            with torch.no_grad():
                self.num_batches_tracked += 1
                self.running_mean.lerp_(mean, self.momentum)
                self.running_var.lerp_(pixels.var(dim=(0, 1, 2)), self.momentum)
        else:
            mean, var = self.running_mean, self.running_var
        return ((pixels - mean) / (var + self.eps) ** 0.5 * self.weight + self.bias).movedim(-1, 1)
