# Pools before ReLU, which gives the same; left in training mode, on whatever device.
class SimpleCNN(nn.Sequential):
    def __init__(self, n_classes=10):
        blocks = []
        for before, after in ((1, 16), (16, 32)):
            blocks += [nn.Conv2d(before, after, 3, 1, 1), nn.MaxPool2d(2), nn.ReLU()]
        super().__init__(*blocks, nn.Flatten(), nn.LazyLinear(32), nn.ReLU(), nn.Linear(32, n_classes))
        self(torch.zeros(1, 1, 28, 28))


mnist_model = train(SimpleCNN(), loader("mnist", "train", size=32), 3, 0.008).train()
