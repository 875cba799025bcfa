"""The descent explorer: one weight on a curve of losses, with learning rate and momentum, step by step.

The page computes for itself in ``pages/descent.js``; here the still figure is drawn, of a path that PyTorch walks.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import Tensor

from course_utils.explorers.explorer import Explorer

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ACCENT = "#1565c0"
DIGITS = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8)
RATES = [rate for power in range(-3, 1) for digit in DIGITS if (rate := float(f"{digit}e{power}")) <= 2]
MOMENTA = [round(0.05 * k, 2) for k in range(20)]
MOST_STEPS = 100


@dataclass(frozen=True)
class Curve:
    """A loss over one weight, as the page has it: its formula, the bounds of its picture, and where one starts."""

    formula: str
    loss: Callable[[Tensor], Tensor]
    bounds: tuple[int, int]
    top: int
    start: float


CURVES = {
    "parabola": Curve("w²", lambda w: w**2, (-3, 3), 9, 2.0),
    "two valleys": Curve(
        "2 + w²/50 − 2·exp(−(w + 1)²) − exp(−4·(w − 1)²)",
        lambda w: 2 + w**2 / 50 - 2 * torch.exp(-((w + 1) ** 2)) - torch.exp(-4 * (w - 1) ** 2),
        (-4, 4),
        3,
        3.0,
    ),
}


class Place(NamedTuple):
    """A weight on the way, its loss, the gradient there, and the velocity that led there (0 at the start)."""

    w: float
    loss: float
    gradient: float
    velocity: float


def descent(
    curve: str = "parabola", *, rate: float = 0.1, momentum: float = 0.0, start: float | None = None, steps: int = 1
) -> Explorer:
    """One weight that rolls down a curve of losses: choose learning rate, momentum and start, and go step by step.

    As the last line of a cell it shows itself. A step is that of `torch.optim.SGD`, computed in the page.

    >>> from course_utils.explorers import descent
    >>> descent("parabola", rate=0.1, steps=2)  # in a notebook to touch; without one, in words
    Loss w² over the weight w. Learning rate 0.1, momentum 0, start 2. \
Step 1: gradient 4, w = 2 − 0.1·4 = 1.6, loss 2.56. Step 2: gradient 3.2, w = 1.6 − 0.1·3.2 = 1.28, loss 1.638.

    Args:
        curve: "parabola", or "two valleys": a narrow and a deep one, with plateaus beside them.
        rate: learning rate, a place of the slider: 1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6 or 8 times a power of ten, 0.001
            to 2.
        momentum: 0 to 0.95 in steps of 0.05.
        start: the first weight; by default the curve's own.
        steps: how many are walked to begin with, at most 100.

    Raises:
        ValueError: an argument is none of these.
    """
    if curve not in CURVES:
        raise ValueError(f"curve is {curve!r}; expected one of {', '.join(map(repr, CURVES))}")
    if rate not in RATES:
        raise ValueError(
            f"rate is {rate!r}; expected a place of the slider: {', '.join(map(str, DIGITS))} times a power of ten, "
            "from 0.001 to 2"
        )
    if momentum not in MOMENTA:
        raise ValueError(f"momentum is {momentum!r}; expected one of 0, 0.05, 0.1, ... 0.95")
    low, high = CURVES[curve].bounds
    start = CURVES[curve].start if start is None else start
    if not low <= start <= high:
        raise ValueError(f"start is {start!r}; expected a number from {low} to {high}, which the picture shows")
    if not isinstance(steps, int) or not 0 <= steps <= MOST_STEPS:
        raise ValueError(f"steps is {steps!r}; expected a whole number from 0 to {MOST_STEPS}")
    path = walk(curve, start, rate, momentum, steps)
    state = {"curve": curve, "rate": rate, "momentum": momentum, "start": start, "steps": steps, "rates": RATES}
    text = _in_words(curve, path, rate, momentum)
    return Explorer("descent", state, lambda: _draw(curve, path), text, parts=("chart",))


def walk(curve: str, start: float, rate: float, momentum: float, steps: int) -> list[Place]:
    """The places of so many steps of `torch.optim.SGD`, the start first."""
    w = torch.tensor(float(start), dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=rate, momentum=momentum)
    path, before = [], start
    for step in range(steps + 1):
        optimizer.zero_grad()
        loss = CURVES[curve].loss(w)
        loss.backward()
        velocity = (before - w.item()) / rate if step else 0.0
        path.append(Place(w.item(), loss.item(), w.grad.item(), velocity))
        before = w.item()
        optimizer.step()
    return path


def _in_words(curve: str, path: list[Place], rate: float, momentum: float) -> str:
    said = (
        f"Loss {CURVES[curve].formula} over the weight w. Learning rate {_shown(rate)}, momentum {_shown(momentum)}, "
    )
    said += f"start {_shown(path[0].w)}."
    for step, (old, new) in enumerate(pairwise(path), start=1):
        pushed = ""
        if momentum:
            pushed = (
                f"v = {_shown(momentum)}·{_factor(old.velocity)} + {_factor(old.gradient)} = {_shown(new.velocity)}, "
            )
        moved = f"w = {_shown(old.w)} − {_shown(rate)}·{_factor(new.velocity)} = {_shown(new.w)}"
        said += f" Step {step}: gradient {_shown(old.gradient)}, {pushed}{moved}, loss {_shown(new.loss)}."
    return said


def _shown(number: float) -> str:
    """As the page shows it: four digits, very large and very small ones as 1.2·10^7."""
    if number != 0 and not 0.001 <= abs(number) < 1e5:
        digits, power = f"{number:.1e}".split("e")
        return f"{digits}·10^{int(power)}".replace("-", "−")
    return f"{float(f'{number:.4g}'):z.10f}".rstrip("0").rstrip(".").replace("-", "−")


def _factor(number: float) -> str:
    return f"({_shown(number)})" if number < 0 else _shown(number)


def _draw(curve: str, path: list[Place]) -> Figure:
    """The path on the curve, and the loss after each step beneath."""
    from matplotlib import pyplot as plt

    low, high = CURVES[curve].bounds
    top = CURVES[curve].top
    figure, (hill, history) = plt.subplots(2, 1, figsize=(6, 4), height_ratios=(2.4, 1))
    figure.subplots_adjust(hspace=0.6)
    w = torch.linspace(low, high, 161)
    hill.plot(w, CURVES[curve].loss(w), color="0.5")
    weights, losses = [place.w for place in path], [place.loss for place in path]
    hill.plot(weights, losses, "-o", color=ACCENT, linewidth=1, markersize=4)
    hill.plot(weights[-1:], losses[-1:], "o", color=ACCENT, markersize=10)
    hill.set(xlim=(low, high), ylim=(-top / 20, 1.05 * top), xlabel="weight w")
    hill.set_title(f"loss = {CURVES[curve].formula}", fontsize=10, loc="left")
    end = max(20, 20 * math.ceil((len(path) - 1) / 20))
    history.plot(losses, "-o", color=ACCENT, linewidth=1, markersize=4)
    history.set(xlim=(0, end), ylim=(-top / 15, 1.05 * top), xlabel="step")
    history.set_xticks(range(0, end + 1, end // 4))
    history.set_title("loss after each step", fontsize=10, loc="left")
    return figure
