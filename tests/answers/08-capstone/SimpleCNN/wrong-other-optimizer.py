# The optimizer holds another network's parameters: nothing is learned.
# loses: SimpleCNN-learns, SimpleCNN-accuracy, SimpleCNN-fair
# cause: another network was
# cause: nothing has moved them
class SimpleCNN(nn.Module):
    """Images (N, 1, 28, 28) -> logits (N, n_classes).

    Twice: 3x3 convolution that keeps the size, ReLU, 2x2 max pooling (1 -> 16 -> 32 channels); then linear layers
    to 32 features, with ReLU, and to n_classes logits.
    """

    def __init__(self, n_classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, 3, padding=1)
        self.conv2 = nn.Conv2d(16, 32, 3, padding=1)
        self.hidden = nn.Linear(32 * 7 * 7, 32)  # 28 is halved twice: 7
        self.head = nn.Linear(32, n_classes)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = F.relu(self.hidden(x.flatten(start_dim=1)))
        return self.head(x)  # logits: of any sign


mnist_model = None
mnist_model, other = SimpleCNN(), SimpleCNN()
optimizer = torch.optim.Adam(other.parameters())
for step in range(10):
    images, labels = digits.take(torch.arange(32))
    F.cross_entropy(mnist_model(images), labels).backward()
    optimizer.step()
