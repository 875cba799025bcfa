# One Sequential; dropout behind the flatten and before the last layer.
class ConvModelReg(nn.Sequential):
    def __init__(self, f1=32, f2=64, dropout_p=0.3):
        layers = []
        for inside, outside in ((1, f1), (f1, f2)):
            layers += [nn.Conv2d(inside, outside, 3, padding=1, bias=False), nn.BatchNorm2d(outside), nn.ReLU()]
        layers += [nn.MaxPool2d(2), nn.Flatten(), nn.Dropout(dropout_p), nn.Linear(f2 * 196, 128), nn.ReLU()]
        super().__init__(*layers, nn.Dropout(dropout_p), nn.Linear(128, 10))
