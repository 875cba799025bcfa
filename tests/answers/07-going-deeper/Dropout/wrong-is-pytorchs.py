# PyTorch's own under the same name.
# loses: Dropout-eval, Dropout-train, Dropout-independent, Dropout-gradient, Dropout-edges
Dropout = nn.Dropout
