# Probabilities in evaluation mode.
# loses: matched_mlp-network
# cause: there is an activation on the logits
class WithSoftmax(nn.Sequential):
    def forward(self, x):
        logits = super().forward(x)
        return logits if self.training else logits.softmax(1)


def matched_mlp(parameters):
    first = (parameters - 186) // 801
    second = round((parameters - 785 * first - 10) / (first + 11))
    return WithSoftmax(
        nn.Flatten(), nn.Linear(784, first), nn.ReLU(), nn.Linear(first, second), nn.ReLU(), nn.Linear(second, 10)
    )
