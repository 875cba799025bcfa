"""How much of what a text asks for a graded cell asks for, where it measures with other images than the student did."""

import math

from torch import nn

from course_utils.checks.errors import CheckError
from course_utils.checks.failures import failure

_DRAWN = "its weights are as they were drawn: nothing has moved them"


def hidden_threshold(stated: float, count: int) -> float:
    """The share of right answers that a network needs on `count` images, where `stated` is asked for; from 0 to 1.

    Three sampling errors less than stated: measured on so many images, a share p is off by sqrt(p (1 - p) / count) (its
    standard error), by chance alone. So a network that reaches what is stated is not failed by an unlucky draw.

    >>> from course_utils.checks import hidden_threshold
    >>> round(hidden_threshold(0.82, 2000), 4)
    0.7942
    """
    return stated - 3 * math.sqrt(stated * (1 - stated) / count)


def weights_as_drawn(model: nn.Module) -> bool:
    """Whether every weight of the convolutions and linear layers is as small as PyTorch draws it: nothing has moved.

    PyTorch draws the weights of a layer with n inputs to a value between -1/sqrt(n) and 1/sqrt(n); training moves some
    of them beyond.

    >>> from torch import nn
    >>> from course_utils.checks import weights_as_drawn
    >>> layer = nn.Linear(4, 3)
    >>> weights_as_drawn(layer)
    True
    >>> layer.weight.data[0, 0] = -0.6
    >>> weights_as_drawn(layer)
    False
    """
    layers = [layer for layer in model.modules() if isinstance(layer, (nn.Conv2d, nn.Linear))]
    return all(layer.weight.abs().max().item() <= layer.weight[0].numel() ** -0.5 * (1 + 1e-6) for layer in layers)


def check_reached(share: float, stated: float, name: str, model: nn.Module) -> None:
    """Check that a network names at least a stated share of images rightly; both from 0 to 1.

    >>> from torch import nn
    >>> from course_utils.checks import check_reached
    >>> net = nn.Linear(4, 3)
    >>> check_reached(0.964, 0.95, "net", net)
    Passed: net names 96.4 % rightly; at least 95 % are asked for.
    >>> check_reached(0.084, 0.95, "net", net)
    Traceback (most recent call last):
        ...
    course_utils.checks.errors.CheckError: net names 8.4 % rightly
      expected: at least 95 %
      likely cause: its weights are as they were drawn: nothing has moved them

    Raises:
        CheckError: it is less.
    """
    if share < stated:
        message = f"{name} names {100 * share:.1f} % rightly\n  expected: at least {100 * stated:.0f} %"
        raise CheckError(message, _DRAWN if weights_as_drawn(model) else "")
    print(f"Passed: {name} names {100 * share:.1f} % rightly; at least {100 * stated:.0f} % are asked for.")


def check_accuracy_reached(
    model: nn.Module, accuracy: float, stated: float, images: str, at_least: float | None = None
) -> None:
    """Check that a trained network names a share of images rightly.

    >>> from torch import nn
    >>> from course_utils.checks import check_accuracy_reached
    >>> check_accuracy_reached(nn.Linear(9, 2), 0.48, 0.82, "validation")
    Traceback (most recent call last):
        ...
    course_utils.checks.errors.CheckError: the network names too few of the validation images rightly.
      came:     48.0 %
      expected: at least 82 %
      likely cause: its weights are as they were drawn: nothing has moved them

    Args:
        model: the network, for the cause: whether its weights moved, whether they are numbers.
        accuracy: the share that it named rightly.
        stated: the share that the text asks for.
        images: which images these are.
        at_least: the share that is demanded, where it is less: see `hidden_threshold`.

    Raises:
        CheckError: the share is below.
    """
    if accuracy >= (stated if at_least is None else at_least):
        return
    cause = ""
    if not all(bool(parameter.isfinite().all()) for parameter in model.parameters()):
        cause = "its weights are no finite numbers any more: the learning rate is too large"
    elif (largest := max(float(parameter.detach().abs().max()) for parameter in model.parameters())) > 10:
        cause = f"a weight has grown to {largest:.3g}: the learning rate is far too large"
    elif weights_as_drawn(model):
        cause = _DRAWN
    what = f"the network names too few of the {images} images rightly."
    raise failure(what, f"{100 * accuracy:.1f} %", f"at least {100 * stated:.0f} %", cause)
