# Mean and variance of each image by itself (instance normalisation).
# loses: BatchNorm2d-train, BatchNorm2d-running, BatchNorm2d-affine, BatchNorm2d-backward
# cause: each image is normalised by itself
# cause: mean and variance belong to a channel in the whole batch, not to each image
class BatchNorm2d(nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.weight, self.bias = nn.Parameter(torch.ones(num_features)), nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))

    def forward(self, x):
        if self.training:
            mean, var = x.mean((2, 3), keepdim=True), x.var((2, 3), correction=0, keepdim=True)
            with torch.no_grad():
                self.running_mean.lerp_(mean.mean((0, 2, 3)), self.momentum)
                self.running_var.lerp_(x.var((2, 3)).mean(0), self.momentum)
        else:
            mean, var = self.running_mean[:, None, None], self.running_var[:, None, None]
        return (x - mean) / (var + self.eps).sqrt() * self.weight[:, None, None] + self.bias[:, None, None]
