# Half right: the batch norms keep no running statistics.
# cause: without running statistics
# cause: a picture alone
class ConvModelReg(nn.Module):
    def __init__(self, f1=32, f2=64, dropout_p=0.3):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, f1, 3, padding=1), nn.BatchNorm2d(f1, track_running_stats=False), nn.ReLU(),
            nn.Conv2d(f1, f2, 3, padding=1), nn.BatchNorm2d(f2, track_running_stats=False), nn.ReLU(),
            nn.MaxPool2d(2),
        )
        self.head = nn.Sequential(nn.Flatten(), nn.Linear(f2 * 196, 128), nn.ReLU(), nn.Dropout(dropout_p), nn.Linear(128, 10))

    def forward(self, x):
        return self.head(self.features(x))
