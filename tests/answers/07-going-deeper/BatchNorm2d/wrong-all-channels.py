# One mean for all channels.
# loses: BatchNorm2d-train, BatchNorm2d-running, BatchNorm2d-affine, BatchNorm2d-backward
# cause: all channels together have one mean and variance; each should have its own
# cause: mean and variance are taken over all channels together; each channel has its own
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
            mean = x.mean().expand(x.shape[1])
            var = x.var(correction=0).expand(x.shape[1])
            unbiased = x.var().expand(x.shape[1])
            m = self.momentum
            self.running_mean = (1 - m) * self.running_mean + m * mean.detach()
            self.running_var = (1 - m) * self.running_var + m * unbiased.detach()
        else:
            mean = self.running_mean
            var = self.running_var
        x = (x - mean.view(1, -1, 1, 1)) / torch.sqrt(var.view(1, -1, 1, 1) + self.eps)
        return x * self.weight.view(1, -1, 1, 1) + self.bias.view(1, -1, 1, 1)
