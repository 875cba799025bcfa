# Half right: updates the running statistics in evaluation mode too.
# loses: BatchNorm2d-eval
# cause: it is updated; that is for training mode alone
# cause: update the running statistics in training mode only
class BatchNorm2d(nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.weight, self.bias = nn.Parameter(torch.ones(num_features)), nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))

    def forward(self, x):
        mean, var = x.mean((0, 2, 3)), x.var((0, 2, 3), correction=0)
        if not self.training:
            mean, var = self.running_mean.clone(), self.running_var.clone()
        with torch.no_grad():
            self.running_mean.lerp_(x.mean((0, 2, 3)), self.momentum)
            self.running_var.lerp_(x.var((0, 2, 3)), self.momentum)
        return (x - mean[:, None, None]) / (var + self.eps).sqrt()[:, None, None] * self.weight[:, None, None] + self.bias[
            :, None, None
        ]
