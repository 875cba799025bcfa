"""Dropout as a layer and within a network's head: what is dropped, how the rest is scaled, what chance decides."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from course_utils.checks.chains import layer_calls
from course_utils.checks.values import check_close, check_equal, unchanged

_AXES = ("images of the batch", "channels", "rows", "columns")


def check_dropout(layer: nn.Module, x: Tensor, p: float, name: str) -> None:
    """Check inverted dropout with probability p: its output in both modes, its masks and its gradient.

    >>> import torch
    >>> from torch import nn
    >>> from course_utils.checks import check_dropout
    >>> x = torch.rand(40, 6, 8, 7) + 1
    >>> check_dropout(nn.Dropout(0.2), x, 0.2, "Dropout(0.2)")  # right: nothing is said
    >>> check_dropout(nn.Dropout(0.8), x, 0.2, "Dropout(0.2)")
    Traceback (most recent call last):
        ...
    course_utils.checks.errors.CheckError: the share of zeros that Dropout(0.2) makes in training mode is not right.
      came:     0.8
      expected: 0.2
      likely cause: p is the share that goes, not the share that stays

    Args:
        layer: the dropout.
        x: (N, C, H, W), thousands of numbers, all above zero.
        p: what it was made with, from 0 to 1.
        name: how messages call it.

    Raises:
        CheckError: something is off, or x is changed.
    """
    x = x.detach().clone().requires_grad_()
    with unchanged(name, x=x):
        y, again = layer.train()(x), layer(x)
    mode = f"{name} makes in training mode"
    gone = y.detach() == 0
    share = round(gone.double().mean().item(), 1)
    known = {
        "nothing is dropped": share == 0,
        "p is the share that goes, not the share that stays": share == round(1 - p, 1),
        "p is not used: it is always a half": share == 0.5,
    }
    if y.isnan().any():
        known = {"0 / 0 and 0 · inf are NaN: treat p = 1 by itself": True}
    likely = {cause: share for cause, holds in known.items() if holds}
    check_close(share, round(p, 1), f"the share of zeros that {mode}", likely=likely)
    if 0 < p < 1:
        ratio = (y / x)[~gone].detach()
        likely = {
            "the rest is not scaled up: divide it by 1 - p": 1,
            "it is divided by p": 1 / p,
            "it is multiplied by 1 - p": 1 - p,
        }
        likely = {cause: torch.full_like(ratio, value) for cause, value in likely.items()}
        what = f"output / input of what {name} keeps in training mode"
        check_close(ratio, torch.full_like(ratio, 1 / (1 - p)), what, likely=likely, rtol=1e-4)
        _check_chance(gone, again.detach() == 0, name)
    if p < 1:  # zeros may be made anew
        check_equal(y.requires_grad, True, f"whether a gradient comes back through {name}")
        [gradient] = torch.autograd.grad(y.sum(), x)
        expected = (~gone).to(x.dtype) / (1 - p)
        likely = {
            "what was dropped gets no gradient: the mask is a factor": torch.full_like(expected, expected.max().item())
        }
        check_close(gradient, expected, f"the gradient of x through {name}", likely=likely, rtol=1e-4)
    likely = {
        "evaluation mode drops too": 0,
        "evaluation mode scales down; the scaling is done in training": x.detach() * (1 - p),
    }
    quiet = layer.eval()(x).detach()
    likely["evaluation mode drops too"] = quiet if (quiet == 0).any() else None
    check_close(quiet, x.detach(), f"the output of {name} in evaluation mode", likely=likely)


def _check_chance(gone: Tensor, again: Tensor, name: str) -> None:
    """Chance decides for each number by itself, and anew in each pass."""
    what = f"how {name} drops"
    found = "each number by chance"
    if torch.equal(gone, again):
        found = "the same places in each pass; the mask should be drawn in forward"
    elif gone.sum((1, 2, 3)).unique().numel() == 1:
        found = "exactly the same share of each image; chance should decide for each number"
    for axis, words in enumerate(_AXES):
        if torch.equal(gone, gone.roll(1, axis)):
            found = f"the same for all {words}; each number should be dropped by itself"
    if gone.shape[-1] > 1 and torch.equal(gone, gone[..., :1, :1].expand_as(gone)):
        found = "whole channels together; each number should be dropped by itself"
    check_equal(found, "each number by chance", what)


def check_head_dropout(net: nn.Module, still: nn.Module, x: Tensor, p: float, name: str) -> None:
    """Check that a network drops features of its head, before its last linear layer or before the one in front of it.

    The weights of the two linear layers of both networks are changed so that the output shows single features.

    >>> import torch
    >>> from torch import nn
    >>> from course_utils.checks import check_head_dropout
    >>> def make(p):
    ...     return nn.Sequential(nn.Flatten(), nn.Linear(36, 20), nn.ReLU(), nn.Linear(20, 5), nn.Dropout(p))
    >>> check_head_dropout(make(0.25), make(0.0), torch.rand(90, 1, 6, 6), 0.25, "net(x)")
    Traceback (most recent call last):
        ...
    course_utils.checks.errors.CheckError: what net(x) drops in training mode is not right.
      came:     'logits, behind the last layer'
      expected: 'features in the head'

    Args:
        net: the network, made with dropout p.
        still: the same, made with dropout 0; it gets the weights of `net`.
        x: a batch of at least 50.
        p: between 0 and 1, and not a half.
        name: how messages call the output.

    Raises:
        CheckError: nothing is dropped, or something else, or another share.
    """
    still.load_state_dict(net.state_dict())
    hidden, last = _linear(net, x)
    inner, outer = _linear(still, x)
    with torch.no_grad():
        for layer in (last, outer):  # logit k is feature k, and one more, so that a logit that is 0 was dropped itself
            layer.weight.copy_(torch.eye(*layer.weight.shape))
            layer.bias.fill_(1.0)
        for layer in (hidden, inner):
            step = layer.in_features // layer.out_features
            layer.weight.zero_()
            layer.weight[torch.arange(layer.out_features), step * torch.arange(layer.out_features)] = 1.0
            layer.bias.fill_(1.0)
        loud, again, plain, plain_again = net.train()(x), net(x), still.train()(x), still(x)
    what = f"what {name} drops in training mode"
    if torch.equal(loud, again):
        check_equal("nothing: two passes agree", "features in the head", what)
    if not torch.equal(plain, plain_again):
        came = "something at random for dropout 0 too"
        check_equal(came, "nothing for dropout 0", what, likely={"dropout_p is not handed on": came})
    if (plain == 1).all():
        came = "everything for dropout 0"
        likely = {"dropout_p is the share that goes, not the share that stays": came}
        check_equal(came, "nothing for dropout 0", what, likely=likely)
    if (loud == 0).any():
        check_equal("logits, behind the last layer", "features in the head", what)
    _check_share(loud - 1, plain - 1, p, name)


def _check_share(kept: Tensor, was: Tensor, p: float, name: str) -> None:
    """Features with and without dropout, the latter 1 or more by their bias: how many are gone, the others' scale."""
    alive = was > 1.01  # what is 0 before the bias shows no dropout
    in_front = alive & ((kept - 1).abs() < 1e-5)
    gone = kept == 0 if (kept == 0).any() else in_front
    share = (gone & alive).sum().item() / max(alive.sum().item(), 1)
    if share < 0.01:
        what = f"what {name} drops in training mode"
        check_equal("something, but no features of the head", "features in the head", what)
    together = ((gone & alive).any(1) & (~gone & alive).any(1)).sum().item()
    if not together:
        check_equal("whole groups of features together", "each feature by itself", f"how {name} drops")
    known = {
        "dropout_p is the share that goes, not the share that stays": 1 - p,
        "it is a half, always or by default": 0.5,
        "it is 0.3, always or by default": 0.3,
    }
    if abs(share - p) > 0.05:
        came = round(share, 2)
        likely = {cause: came for cause, value in known.items() if abs(share - value) < 0.03}
        check_close(came, p, f"the share of features that {name} drops", likely=likely)
    scale = 1 / (1 - p)
    fine = [was * scale, (was - 1) * scale + 1, ((was - 1) * scale + 1) * scale, torch.full_like(was, scale)]
    right = torch.stack([(kept - value).abs() < 1e-3 * value for value in fine]).any(0) | gone | in_front
    if not right[alive].all():
        check_equal("by another factor", f"divided by 1 - {p}", f"how {name} scales up the features that stay")


def _linear(net: nn.Module, x: Tensor) -> list[nn.Linear]:
    return [call.layer for call in layer_calls(net, x) if isinstance(call.layer, nn.Linear)]
