"""A batch normalisation against PyTorch's: output, gradient and running statistics, with the mistake where it shows."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor, nn

from course_utils.checks.forbidden import forbid
from course_utils.checks.values import check_close, check_equal, unchanged

_CLOSE = {"rtol": 1e-4, "atol": 1e-5}
_AXES = (0, 2, 3)


def check_batch_norm(layer: nn.Module, theirs: nn.BatchNorm2d, x: Tensor, name: str) -> None:
    """Check that one pass over x does the same with a layer as with PyTorch's, in the mode in which PyTorch's is.

    The layer gets PyTorch's weight, bias and running statistics first. Compared are the output, the gradient of x, and
    the running statistics after the pass. PyTorch's own normalisations are blocked while the layer runs.

    >>> import torch
    >>> from torch import nn
    >>> from course_utils.checks import check_batch_norm
    >>> class Norm(nn.BatchNorm2d):
    ...     def forward(self, x):
    ...         mean, var = x.mean((0, 2, 3), keepdim=True), x.var((0, 2, 3), keepdim=True)
    ...         return (x - mean) / (var + self.eps).sqrt()
    >>> check_batch_norm(Norm(1), nn.BatchNorm2d(1), torch.tensor([1.0, 3.0, 5.0, 7.0]).reshape(2, 1, 1, 2), "Norm(1)")
    Traceback (most recent call last):
        ...
    course_utils.checks.errors.CheckError: the output of Norm(1) in training mode is not right.
      came:     -1.16189 at index [0, 0, 0, 0]; 4 of 4 values are off
      expected: -1.34164 at that index
      likely cause: the unbiased variance normalises; the biased one should (`correction=0`)

    Args:
        layer: with the attributes of `theirs`, and made with the same arguments.
        theirs: PyTorch's, in the mode that is to be checked.
        x: (N, C, H, W).
        name: how messages call the layer.

    Raises:
        CheckError: they differ; or the layer changes x, or asks PyTorch.
    """
    own, mode = dict(theirs.state_dict()), "training" if theirs.training else "evaluation"
    with torch.no_grad():
        for key in ("weight", "bias", "running_mean", "running_var"):
            getattr(layer, key).copy_(own[key])
    before = {key: value.detach().clone() for key, value in own.items()}
    ours, others = (x.detach().clone().requires_grad_() for _ in range(2))
    with forbid("torch.nn.functional.batch_norm"), unchanged(name, x=ours):
        y = layer.train(theirs.training)(ours)
    expected = theirs(others)
    where = f"{name} after a pass in {mode} mode"
    if not theirs.training:  # first what a pass must leave alone
        _check_statistics(layer, theirs, x, before, where)
    outputs = dict(_outputs(x, before, theirs))
    check_close(y, expected.detach(), f"the output of {name} in {mode} mode", likely=outputs, **_CLOSE)
    if theirs.training:
        _check_statistics(layer, theirs, x, before, where)
    seen = torch.linspace(-1, 2, x.numel(), dtype=x.dtype).reshape(x.shape) ** 3
    [wanted] = torch.autograd.grad((expected * seen).sum(), others)
    what = f"the gradient of x through {name} in {mode} mode"
    cut = {"no_grad, detach or .data cuts the output off": False}
    check_equal(y.requires_grad, True, f"whether a gradient comes back through {name} in {mode} mode", likely=cut)
    with forbid("torch.nn.functional.batch_norm"):
        [came] = torch.autograd.grad((y * seen).sum(), ours)
    scale = theirs.weight.detach() / (x.var(_AXES, correction=0) + theirs.eps).sqrt()
    likely = {"the batch's mean and variance are cut off: they depend on x too": seen * _each(scale)}
    check_close(came, wanted, what, likely=likely, **_CLOSE)


def _each(values: Tensor) -> Tensor:
    return values[:, None, None]


def _outputs(x: Tensor, was: dict[str, Tensor], theirs: nn.BatchNorm2d) -> Iterator[tuple[str, Tensor]]:
    """What typical mistakes give."""
    eps, momentum, w, b = theirs.eps, theirs.momentum, _each(was["weight"]), _each(was["bias"])
    mean, var = x.mean(_AXES, keepdim=True), x.var(_AXES, correction=0, keepdim=True)
    old_mean, old_var = _each(was["running_mean"]), _each(was["running_var"])
    unbiased = x.var(_AXES, keepdim=True)
    new_mean, new_var = mean.lerp(old_mean, 1 - momentum), unbiased.lerp(old_var, 1 - momentum)
    if not theirs.training:
        yield (
            "the batch's mean and variance normalise; in evaluation mode the running ones should",
            _norm(x, mean, var, eps, w, b),
        )
        mean, var = old_mean, old_var
    else:
        yield (
            "the unbiased variance normalises; the biased one should (`correction=0`)",
            _norm(x, mean, unbiased, eps, w, b),
        )
        yield (
            "the running statistics normalise; in training mode the batch's should",
            _norm(x, old_mean, old_var, eps, w, b),
        )
        yield (
            "the running statistics, just updated, normalise; in training mode the batch's should",
            _norm(x, new_mean, new_var, eps, w, b),
        )
        for says, axes in {
            "each image is normalised by itself": (2, 3),
            "all channels together have one mean and variance; each should have its own": (0, 1, 2, 3),
            "mean and variance are taken over the batch axis alone": (0,),
            "mean and variance are taken over the channels of each image": (1, 2, 3),
            "mean and variance are taken at each position over the channels": (1,),
        }.items():
            yield says, _norm(x, x.mean(axes, keepdim=True), x.var(axes, correction=0, keepdim=True), eps, w, b)
    yield "it divides by the variance, not by its root", (x - mean) / (var + eps) * w + b
    yield "the mean is not subtracted", _norm(x, 0 * mean, var, eps, w, b)
    yield "eps is added to the root; it belongs under it", (x - mean) / (var.sqrt() + eps) * w + b
    yield "eps is fixed at 1e-5, or left out: use the argument", _norm(x, mean, var, 1e-5, w, b)
    yield "weight and bias are not used", _norm(x, mean, var, eps, 1.0, 0.0)
    yield "the weight is not used", _norm(x, mean, var, eps, 1.0, b)
    yield "the bias is not used", _norm(x, mean, var, eps, w, 0.0)
    yield "it shifts by the bias before it scales by the weight", (_norm(x, mean, var, eps, 1.0, 0.0) + b) * w


def _norm(x: Tensor, mean: Tensor, var: Tensor, eps: float, w: Tensor | float, b: Tensor | float) -> Tensor:
    return (x - mean) / (var + eps).sqrt() * w + b


def _check_statistics(layer: nn.Module, theirs: nn.BatchNorm2d, x: Tensor, was: dict[str, Tensor], name: str) -> None:
    """The running statistics after the pass."""
    m, count = theirs.momentum, x.numel() // x.shape[1]
    mean, var, biased = x.mean(_AXES), x.var(_AXES), x.var(_AXES, correction=0)
    per_image = biased * x.shape[0] / (x.shape[0] - 1) if x.shape[0] > 1 else biased
    values = {"running_mean": {"": mean}, "running_var": {"": var, "the biased variance": biased}}
    values["running_var"]["a variance with n - 1 of the images alone"] = per_image
    values["running_var"]["the standard deviation"] = var.sqrt()
    for key, seen in values.items():
        old, new = was[key], seen[""]
        likely = {f"{key} takes {what}": old + m * (value - old) for what, value in seen.items() if what}
        if theirs.training:
            likely[f"{key} is not updated"] = old
            likely["momentum is the weight of the new value, not of the old one"] = new + m * (old - new)
            likely[f"{key} becomes the batch's value; it should move there by momentum only"] = new
            likely["momentum is fixed at 0.1: use the argument"] = old + 0.1 * (new - old)
            likely[f"{key} loses nothing of its old value: it takes old + momentum * new"] = old + m * new
        else:
            likely = {"it is updated; that is for training mode alone": old + m * (new - old)}
        came, expected = getattr(layer, key), getattr(theirs, key)
        check_close(came.detach(), expected, f"{key} of {name}", likely=likely if count > 1 else None, **_CLOSE)
