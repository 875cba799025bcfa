# One nn.Sequential each, built by a list; 5x5 kernels in the second network.
class ConvModel1(nn.Sequential):
    def __init__(self, num_filters=32, kernel_size=5, padding=2):
        conv = nn.Conv2d(1, num_filters, kernel_size, padding=padding)
        body = [conv, nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()]
        entry = nn.Sequential(*body)(torch.zeros(1, 1, 28, 28)).shape[1]
        super().__init__(*body, nn.Linear(entry, 128), nn.ReLU(), nn.Linear(128, 10))


class ConvModel2(nn.Sequential):
    def __init__(self, f1=32, f2=64):
        super().__init__(
            nn.Conv2d(1, f1, 5, padding="same"), nn.ReLU(), nn.Conv2d(f1, f2, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(f2 * 196, 128), nn.ReLU(), nn.Linear(128, 10),
        )
