"""Training and evaluation mode: which layers `fit` trains in which, and everything put back afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager

from torch import nn


def kept_in_evaluation(model: nn.Module) -> list[nn.Module]:
    """The layers that their owner put into evaluation mode inside a model that is itself in training mode.

    None where the model itself is in evaluation mode: that is how an evaluation, or a model from a file, leaves it,
    and says nothing about single layers.

    >>> from torch import nn
    >>> from course_utils.training.modes import kept_in_evaluation
    >>> model = nn.Sequential(nn.BatchNorm1d(2).eval(), nn.Linear(2, 2))
    >>> kept_in_evaluation(model) == [model[0]], kept_in_evaluation(model.eval())
    (True, [])
    """
    return [layer for layer in model.modules() if not layer.training] if model.training else []


def train_all_but(model: nn.Module, kept: list[nn.Module]) -> None:
    """Put the model into training mode by its own `train`, which may leave parts out, and `kept` back.

    >>> from torch import nn
    >>> from course_utils.training.modes import train_all_but
    >>> model = nn.Sequential(nn.BatchNorm1d(2), nn.Dropout()).eval()
    >>> train_all_but(model, kept=[model[0]])
    >>> model.training, model[0].training, model[1].training
    (True, False, True)
    """
    model.train()
    for layer in kept:
        layer.training = False


@contextmanager
def modes_kept(model: nn.Module) -> Iterator[None]:
    """Give every layer the mode (training or evaluation) back that it had, also after an error.

    >>> from torch import nn
    >>> from course_utils.training.modes import modes_kept
    >>> model = nn.Sequential(nn.BatchNorm1d(2).eval(), nn.Dropout())
    >>> with modes_kept(model):
    ...     _ = model.train()
    >>> model[0].training
    False
    """
    modes = [(layer, layer.training) for layer in model.modules()]
    try:
        yield
    finally:
        for layer, training in modes:
            layer.training = training
