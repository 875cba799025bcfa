# No batch norm at all.
# loses: ConvModelReg-layers, ConvModelReg-eval
# cause: no batch norm is called
class ConvModelReg(nn.Module):
    def __init__(self, f1=32, f2=64, dropout_p=0.3):
        super().__init__()
        self.conv1 = nn.Conv2d(1, f1, 3, padding=1)
        self.conv2 = nn.Conv2d(f1, f2, 3, padding=1)
        self.hidden = nn.Linear(f2 * 14 * 14, 128)
        self.dropout = nn.Dropout(dropout_p)
        self.last = nn.Linear(128, 10)

    def forward(self, x):
        x = F.relu(self.conv1(x))
        x = F.relu(self.conv2(x))
        x = F.max_pool2d(x, 2).flatten(1)
        x = self.dropout(F.relu(self.hidden(x)))
        return self.last(x)
