# Half right: alpha dropout, which puts another number than zero.
# loses: ConvModelReg-dropout
class ConvModelReg(nn.Module):
    def __init__(self, f1=32, f2=64, dropout_p=0.3):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, f1, 3, padding=1), nn.BatchNorm2d(f1), nn.ReLU(),
            nn.Conv2d(f1, f2, 3, padding=1), nn.BatchNorm2d(f2), nn.ReLU(),
            nn.MaxPool2d(2),
        )
        self.head = nn.Sequential(nn.Flatten(), nn.Linear(f2 * 196, 128), nn.ReLU(), nn.AlphaDropout(dropout_p), nn.Linear(128, 10))

    def forward(self, x):
        return self.head(self.features(x))
