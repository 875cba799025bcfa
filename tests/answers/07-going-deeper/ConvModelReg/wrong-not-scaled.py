# Half right: a mask of its own, without scaling.
# cause: scales up the features
class ConvModelReg(nn.Module):
    def __init__(self, f1=32, f2=64, dropout_p=0.3):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, f1, 3, padding=1), nn.BatchNorm2d(f1), nn.ReLU(),
            nn.Conv2d(f1, f2, 3, padding=1), nn.BatchNorm2d(f2), nn.ReLU(),
            nn.MaxPool2d(2),
        )
        self.p = dropout_p
        self.hidden, self.last = nn.Linear(f2 * 196, 128), nn.Linear(128, 10)

    def forward(self, x):
        x = F.relu(self.hidden(self.features(x).flatten(1)))
        return self.last(x * (torch.rand_like(x) >= self.p) if self.training else x)
