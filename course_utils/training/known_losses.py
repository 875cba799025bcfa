"""The losses of torch.nn.functional, as functions, modules and partials: what each compares and takes the mean over."""

import functools
from collections.abc import Callable

import torch.nn.functional as F
from torch import nn

IGNORED = -100  # the ignore_index of PyTorch's losses where none is given

BY_CLASS = {F.cross_entropy, F.nll_loss}  # the mean is over the labels that count, each as much as its class weighs
BY_NUMBER = {  # compare number with number; the mean is over the numbers
    F.binary_cross_entropy,
    F.binary_cross_entropy_with_logits,
    F.hinge_embedding_loss,
    F.huber_loss,
    F.kl_div,
    F.l1_loss,
    F.mse_loss,
    F.poisson_nll_loss,
    F.smooth_l1_loss,
    F.soft_margin_loss,
}
SAME_SHAPE = BY_NUMBER | {F.multilabel_margin_loss, F.multilabel_soft_margin_loss}  # these two: over the samples
_FUNCTIONS = BY_CLASS | SAME_SHAPE | {F.multi_margin_loss}

_FUNCTION_OF = {  # by the method, so that a subclass with a forward of its own is not taken for what it extends
    nn.BCELoss.forward: F.binary_cross_entropy,
    nn.BCEWithLogitsLoss.forward: F.binary_cross_entropy_with_logits,
    nn.CrossEntropyLoss.forward: F.cross_entropy,
    nn.HingeEmbeddingLoss.forward: F.hinge_embedding_loss,
    nn.HuberLoss.forward: F.huber_loss,
    nn.KLDivLoss.forward: F.kl_div,
    nn.L1Loss.forward: F.l1_loss,
    nn.MSELoss.forward: F.mse_loss,
    nn.MultiLabelMarginLoss.forward: F.multilabel_margin_loss,
    nn.MultiLabelSoftMarginLoss.forward: F.multilabel_soft_margin_loss,
    nn.MultiMarginLoss.forward: F.multi_margin_loss,
    nn.NLLLoss.forward: F.nll_loss,
    nn.PoissonNLLLoss.forward: F.poisson_nll_loss,
    nn.SmoothL1Loss.forward: F.smooth_l1_loss,
    nn.SoftMarginLoss.forward: F.soft_margin_loss,
}
_OPTIONS = ("reduction", "weight", "ignore_index", "label_smoothing")


def function_and_options(loss_fn: Callable) -> tuple[Callable | None, dict]:
    """The function of torch.nn.functional behind a loss, and the options that say what its mean is over.

    >>> from torch import nn
    >>> from course_utils.training.known_losses import function_and_options
    >>> function, options = function_and_options(nn.NLLLoss(ignore_index=0))
    >>> function is nn.functional.nll_loss, options
    (True, {'reduction': 'mean', 'weight': None, 'ignore_index': 0})
    >>> function_and_options(lambda outputs, labels: outputs.mean())
    (None, {})

    Args:
        loss_fn: a function, a `functools.partial` of one, or a module.

    Returns:
        The function and its options; (None, {}) for a loss of one's own.
    """
    if isinstance(loss_fn, functools.partial):
        known = _is_known(loss_fn.func) and not loss_fn.args
        return (loss_fn.func, dict(loss_fn.keywords)) if known else (None, {})
    if isinstance(loss_fn, nn.Module):
        function = _FUNCTION_OF.get(getattr(type(loss_fn), "forward", None))
        options = {name: getattr(loss_fn, name) for name in _OPTIONS if hasattr(loss_fn, name)}
        return (function, options) if function is not None else (None, {})
    return (loss_fn, {}) if _is_known(loss_fn) else (None, {})


def _is_known(function: Callable) -> bool:
    return any(function is known for known in _FUNCTIONS)


def name_of(loss_fn: Callable) -> str:
    """The name to use in messages.

    >>> from torch import nn
    >>> from course_utils.training.known_losses import name_of
    >>> name_of(nn.MSELoss()), name_of(nn.functional.mse_loss)
    ('MSELoss', 'mse_loss')
    """
    function = loss_fn.func if isinstance(loss_fn, functools.partial) else loss_fn
    return getattr(function, "__name__", type(function).__name__)
