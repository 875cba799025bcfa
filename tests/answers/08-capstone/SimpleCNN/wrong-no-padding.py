# Convolutions without padding (and not trained).
# loses: SimpleCNN-values, SimpleCNN-learns, SimpleCNN-accuracy, SimpleCNN-fair
# cause: lack padding
# cause: its weights are as they were drawn
class SimpleCNN(nn.Module):
    """Images (N, 1, 28, 28) -> logits (N, n_classes).

    Twice: 3x3 convolution that keeps the size, ReLU, 2x2 max pooling (1 -> 16 -> 32 channels); then linear layers
    to 32 features, with ReLU, and to n_classes logits.
    """

    def __init__(self, n_classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, 3)
        self.conv2 = nn.Conv2d(16, 32, 3)
        self.hidden = nn.Linear(32 * 5 * 5, 32)  # 28 is halved twice: 7
        self.head = nn.Linear(32, n_classes)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = F.relu(self.hidden(x.flatten(start_dim=1)))
        return self.head(x)  # logits: of any sign


mnist_model = None
mnist_model = SimpleCNN()
