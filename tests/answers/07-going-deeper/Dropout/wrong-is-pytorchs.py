# PyTorch's own under the same name.
# loses: Dropout-eval, Dropout-train, Dropout-independent, Dropout-gradient, Dropout-edges
# cause: are blocked here
Dropout = nn.Dropout
