# No dropout.
# loses: ConvModelReg-dropout
# cause: nothing is dropped in training mode
class ConvModelReg(nn.Module):
    def __init__(self, f1=32, f2=64, dropout_p=0.3):
        super().__init__()
        self.conv1 = nn.Conv2d(1, f1, 3, padding=1)
        self.norm1 = nn.BatchNorm2d(f1)
        self.conv2 = nn.Conv2d(f1, f2, 3, padding=1)
        self.norm2 = nn.BatchNorm2d(f2)
        self.hidden = nn.Linear(f2 * 14 * 14, 128)
        self.dropout = nn.Dropout(dropout_p)
        self.last = nn.Linear(128, 10)

    def forward(self, x):
        x = F.relu(self.norm1(self.conv1(x)))
        x = F.relu(self.norm2(self.conv2(x)))
        x = F.max_pool2d(x, 2).flatten(1)
        x = F.relu(self.hidden(x))
        return self.last(x)
