"""A network against its description in words: which layers its pass calls, and what they give one after the other.

The layers are taken in the order of their calls, so that it does not matter how a network keeps them, or whether it
works with modules or with functions in between.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from course_utils.checks.errors import CheckError
from course_utils.checks.values import check_close, check_equal

_WEIGHTED = {"conv": "convolution", "norm": "batch norm", "linear": "linear layer"}
_PLAIN: dict[str, Callable[[Tensor], Tensor]] = {
    "relu": F.relu,
    "pool": lambda maps: F.max_pool2d(maps, 2),
    "flatten": lambda maps: maps.flatten(1),
    "mean pool": lambda maps: F.avg_pool2d(maps, 2),
    "softmax": lambda values: values.softmax(1),
    "log-softmax": lambda values: values.log_softmax(1),
    "sigmoid": torch.sigmoid,
}
_PLACES = ("first", "second", "third", "fourth", "fifth")


class Call(NamedTuple):
    """One call of a layer: the layer, what it got and what it gave, as they were at that moment."""

    layer: nn.Module
    given: Tensor
    made: Tensor


def layer_calls(model: nn.Module, x: Tensor) -> list[Call]:
    """The calls of layers with weights in one pass over x, in order; layers are those that hold weights themselves.

    >>> import torch
    >>> from torch import nn
    >>> from course_utils.checks import layer_calls
    >>> net = nn.Sequential(nn.Flatten(), nn.Linear(4, 3), nn.ReLU(), nn.Linear(3, 2))
    >>> [tuple(call.made.shape) for call in layer_calls(net, torch.zeros(5, 1, 2, 2))]
    [(5, 3), (5, 2)]
    """
    calls: list[Call] = []

    def note(layer: nn.Module, given: tuple, made: Tensor) -> None:
        calls.append(Call(layer, given[0].detach().clone(), made.detach().clone()))

    handles = [layer.register_forward_hook(note) for layer in _layers(model)]
    try:
        model(x.clone())
    finally:
        for handle in handles:
            handle.remove()
    return calls


def check_chain(model: nn.Module, x: Tensor, chain: str, name: str) -> None:
    """Check that a network gives for x what its own layers give one after the other, as `chain` has them.

    >>> import torch
    >>> from torch import nn
    >>> from course_utils.checks import check_chain
    >>> net = nn.Sequential(nn.Flatten(), nn.Linear(2, 2), nn.Linear(2, 1))
    >>> for layer in net[1:]:
    ...     _ = nn.init.constant_(layer.weight, -1), nn.init.zeros_(layer.bias)
    >>> check_chain(net, torch.ones(1, 1, 2), "flatten, linear, relu, linear", "net(x)")
    Traceback (most recent call last):
        ...
    course_utils.checks.errors.CheckError: net(x) is not right.
      came:     4 at index [0, 0]; 1 of 1 values are off
      expected: 0 at that index
      likely cause: the ReLU behind the first linear layer is missing

    Args:
        model: the network, in the mode in which it is to be checked; without dropout, or in evaluation mode.
        x: a batch (N, ...).
        chain: words with a comma between: "conv", "norm" (batch normalisation), "linear", "relu", "pool" (2x2, the
            maximum), "flatten", and what should stand in no network: "mean pool", "softmax", "log-softmax", "sigmoid".
        name: how messages call the output, for instance ``"Net(4)(x)"``.

    Raises:
        CheckError: other layers are called, or the output is another one. The cause is named where the same layers
            give that output with one word more, less, or at another place.
    """
    words = chain.split(", ")
    output, calls = passed(model, x, name)
    wanted = [word for word in words if word in _WEIGHTED]
    came = [_kind(call.layer) for call in calls]
    if came != wanted:
        check_equal(
            ", ".join(came),
            ", ".join(wanted),
            f"the layers with weights that {name} calls",
            likely={_why_other_layers(model, calls, came, wanted): ", ".join(came)},
        )
    layers = [call.layer for call in calls]
    with torch.no_grad():
        try:
            expected = _run(layers, words, x)
        except RuntimeError as error:
            raise CheckError(f"the layers of {name} do not fit in this order: {chain}\n  came:     {error}") from None
        if alike(output, expected):
            return
        mistakes = [(cause, value) for cause, value in _mistakes(layers, words, x) if not alike(value, expected)]
    cause = next((cause for cause, value in mistakes if alike(output, value)), None)
    check_close(output, expected, name, likely={cause: output} if cause else None, rtol=1e-4, atol=1e-5)


def passed(model: nn.Module, x: Tensor, name: str) -> tuple[Tensor, list[Call]]:
    """What a network gives for a copy of x, and the calls of its layers.

    Raises:
        CheckError: the pass fails; the message says with what.
    """
    try:
        with torch.no_grad():
            return model(x.clone()), layer_calls(model, x)
    except RuntimeError as error:
        sizes = re.search(r"mat1 and mat2 shapes cannot be multiplied \(\d+x(\d+) and (\d+)x", str(error))
        says = "a linear layer gets {} numbers for each picture, and was made for {}"
        came = f"{name} raised {type(error).__name__}: {error}"
        expected = f"an output for x of shape {tuple(x.shape)}"
        raise CheckError(
            f"{came}\n  expected: {expected}", cause=says.format(*sizes.groups()) if sizes else ""
        ) from None


def _layers(model: nn.Module) -> list[nn.Module]:
    return [layer for layer in model.modules() if next(layer.parameters(recurse=False), None) is not None]


def _kind(layer: nn.Module) -> str:
    if isinstance(layer, nn.Conv2d):
        return "conv"
    return "linear" if isinstance(layer, nn.Linear) else "norm" if "Norm" in type(layer).__name__ else "other"


def _why_other_layers(model: nn.Module, calls: Sequence[Call], came: list[str], wanted: list[str]) -> str:
    """What is known of the difference; empty if nothing more than the two lists."""
    if next(model.parameters(), None) is None:
        return "no layer is an attribute of self or part of an nn.Sequential, so the network has no parameters"
    called = [call.layer for call in calls]
    if len({id(layer) for layer in called}) < len(called):
        return "one layer is called twice; each place needs a layer of its own"
    idle = [layer for layer in _layers(model) if not any(layer is one for one in called)]
    if idle and sorted(came + [_kind(layer) for layer in idle]) == sorted(wanted):
        return f"the {_WEIGHTED[_kind(idle[0])]} is made, but forward does not call it"
    return ""


def _run(layers: Sequence[nn.Module], words: Sequence[str], x: Tensor) -> Tensor:
    """What the layers give in the order of the words; those with weights are taken one after the other."""
    rest = iter(layers)
    for word in words:
        layer = next(rest) if word in _WEIGHTED else _PLAIN[word]
        x = layer(x)
    return x


def _mistakes(layers: Sequence[nn.Module], words: list[str], x: Tensor) -> Iterator[tuple[str, Tensor]]:
    """The outputs that typical mistakes give, each with the mistake in words."""
    for cause, other, order in _other_chains(words):
        try:
            yield cause, _run([layers[place] for place in order or range(len(layers))], other, x)
        except RuntimeError:  # this mistake does not fit the sizes
            continue


def _other_chains(words: list[str]) -> Iterator[tuple[str, list[str], list[int] | None]]:
    relus = [place for place, word in enumerate(words) if word == "relu"]
    for place in relus:
        yield f"the ReLU behind {_before(words, place)} is missing", words[:place] + words[place + 1 :], None
    without = [word for word in words if word != "relu"]
    if len(relus) > 1:
        yield "the ReLUs are missing", without, None
    for end, says in (
        ("relu", "a ReLU"),
        ("softmax", "a softmax"),
        ("log-softmax", "a log-softmax"),
        ("sigmoid", "a sigmoid"),
    ):
        yield f"there is {says} behind the last layer; nothing should stand there", [*words, end], None
    for place, word in enumerate(words[:-1]):
        if word in _WEIGHTED and words[place + 1] not in ("relu", "norm"):
            more = [*words[: place + 1], "relu", *words[place + 1 :]]
            yield f"there is a ReLU behind {_before(words, place + 1)}; none is wanted there", more, None
    if "pool" in words:
        mean = ["mean pool" if word == "pool" else word for word in words]
        yield "the pooling takes the mean; it should take the maximum", mean, None
    pairs = [place for place in range(len(words) - 1) if words[place : place + 2] == ["norm", "relu"]]
    for chosen in [[place] for place in pairs] + ([pairs] if len(pairs) > 1 else []):
        swapped = list(words)
        for place in chosen:
            swapped[place : place + 2] = ["relu", "norm"]
        yield "a batch norm stands behind the ReLU; it belongs before it", swapped, None


def _before(words: list[str], place: int) -> str:
    """The layer with weights before this place, in words."""
    at = max(i for i in range(place) if words[i] in _WEIGHTED)
    word, number = words[at], words[: at + 1].count(words[at])
    return f"the {_PLACES[number - 1] + ' ' if words.count(word) > 1 else ''}{_WEIGHTED[word]}"


def alike(one: Tensor, other: Tensor) -> bool:
    """Whether two outputs have the same shape and, up to rounding in float32, the same values."""
    return one.shape == other.shape and torch.allclose(one, other.to(one.dtype), rtol=1e-4, atol=1e-5)
