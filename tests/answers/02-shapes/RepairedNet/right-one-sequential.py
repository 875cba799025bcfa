# One nn.Sequential; the flatten as a view.
class RepairedNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(1, 8, (5, 5), padding="same"), nn.ReLU(inplace=True), nn.MaxPool2d(2, 2),
            nn.Conv2d(8, 24, 3), nn.ReLU(inplace=True), nn.MaxPool2d(2, 2),
        )
        self.head = nn.Sequential(nn.Linear(864, 64), nn.ReLU(), nn.Linear(64, 10))

    def forward(self, x):
        x = self.body(x)
        return self.head(x.view(x.shape[0], -1))
