"""A module around a function, for operations that are not layers."""

from torch import nn


class Apply(nn.Module):
    """A module from a function, with layers that the function may call."""

    def __init__(self, function, **layers):
        super().__init__()
        self.function = function
        for name, layer in layers.items():
            self.add_module(name, layer)

    def forward(self, x):
        return self.function(self, x)
