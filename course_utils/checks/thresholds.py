"""How much of what a text asks for a graded cell asks for, where it measures with other images than the student did."""

from __future__ import annotations

import math

from torch import nn

from course_utils.checks.failures import failure
from course_utils.checks.training_tools import looks_new


def hidden_threshold(stated: float, count: int) -> float:
    """The share of right answers that a network needs on `count` images, where `stated` is asked for; from 0 to 1.

    Three sampling errors less than stated: measured on so many images, a share p is off by sqrt(p (1 - p) / count) (its
    standard error), by chance alone. So a network that reaches what is stated is not failed by an unlucky draw.

    >>> from course_utils.checks import hidden_threshold
    >>> round(hidden_threshold(0.82, 2000), 4)
    0.7942
    """
    return stated - 3 * math.sqrt(stated * (1 - stated) / count)


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
      likely cause: no weight lies outside the range of a new network's: nothing has moved them

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
    elif looks_new(model):
        cause = "no weight lies outside the range of a new network's: nothing has moved them"
    what = f"the network names too few of the {images} images rightly."
    raise failure(what, f"{100 * accuracy:.1f} %", f"at least {100 * stated:.0f} %", cause)
