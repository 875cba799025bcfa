"""A loss curve that redraws itself while the network trains."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from course_utils.plots.described import DescribedFigure

if TYPE_CHECKING:
    from IPython.display import DisplayHandle
    from matplotlib.figure import Figure

WINDOW = 25  # batches in the running mean
PAUSE = 0.5  # seconds between two pictures
SHARE = 0.1  # of the time may go into pictures


class LiveCurve:
    """A loss function that also draws: hand it to a training loop in place of `criterion`.

    One picture is shown at once, says that it waits for the first batch, and is replaced in place from then on, so that
    nothing flickers and only the last one is stored. It has each batch's loss and the mean of the last `WINDOW`: after
    the first batch, at most twice a second, and after the last. Between two pictures the losses stay on the device, so
    that no batch has to wait for them.

    >>> from torch import nn, tensor
    >>> from course_utils.plots import LiveCurve
    >>> criterion = LiveCurve(nn.MSELoss(), steps=1)  # the picture; without a notebook its text
    Loss of each batch, and mean of the last 25: 0 of 1 batches are done.
    >>> criterion(tensor([3.0]), tensor([1.0]))  # (3 - 1)**2, as without a curve
    Loss of each batch, and mean of the last 25: 1 of 1 batches are done. The loss goes from 4.0 to 4.0.
    tensor(4.)
    >>> criterion.losses
    [4.0]

    Args:
        criterion: takes outputs and labels, returns a loss ().
        steps: batches in the whole run; the axis is that long.

    Raises:
        ValueError: `steps` is below 1.
    """

    def __init__(self, criterion: Callable[[Tensor, Tensor], Tensor], steps: int):
        if steps < 1:
            raise ValueError(f"steps is {steps}; expected a whole number of at least 1")
        self.criterion, self.steps = criterion, steps
        self._known: list[float] = []
        self._unread: list[Tensor] = []  # the losses after those, still on the device
        self._next = 0.0  # when a picture is due, by the clock of time.perf_counter
        self._shown: DisplayHandle | None = None
        self._show()

    def __call__(self, outputs: Tensor, labels: Tensor) -> Tensor:
        """The criterion's loss, noted and now and then drawn."""
        loss = self.criterion(outputs, labels)
        self._unread.append(loss.detach())
        done = len(self._known) + len(self._unread)
        begun = time.perf_counter()
        if done in (1, self.steps) or begun >= self._next:
            self._show()
            end = time.perf_counter()
            self._next = end + max(PAUSE, (end - begun) / SHARE)
        return loss

    @property
    def losses(self) -> list[float]:
        """The loss of each batch so far."""
        if self._unread:
            self._known += torch.stack(self._unread).tolist()
            self._unread.clear()
        return self._known

    def _show(self) -> None:
        import matplotlib.pyplot as plt
        from IPython.display import display

        figure = self._draw()
        alt = f"Loss of each batch, and mean of the last {WINDOW}: {len(self.losses)} of {self.steps} batches are done."
        if self.losses:
            alt += f" The loss goes from {self.losses[0]:.1f} to {self._means()[-1]:.1f}."
        if self._shown is None:
            self._shown = display(DescribedFigure(figure, alt), display_id=True)
        else:
            self._shown.update(DescribedFigure(figure, alt))
        plt.close(figure)

    def _draw(self) -> Figure:
        import matplotlib.pyplot as plt

        figure, ax = plt.subplots(figsize=(7, 3))  # a layout engine would take as long again as the drawing
        figure.subplots_adjust(left=0.08, right=0.98, bottom=0.16, top=0.91)
        if not self.losses:
            ax.text(0.5, 0.5, "waiting for the first batch", ha="center", va="center", transform=ax.transAxes)
        numbers = range(1, len(self.losses) + 1)
        ax.plot(numbers, self.losses, ".", color="0.7", markersize=4, label="one batch")
        ax.plot(numbers, self._means(), color="#2166ac", label=f"mean of the last {WINDOW}")
        ax.set(xlim=(0, self.steps + 1), ylim=(0, None), xlabel="batch", ylabel="loss")
        ax.set_title(f"batch {len(self.losses)} of {self.steps}", fontsize=10)
        ax.legend(frameon=False, loc="upper right")
        return figure

    def _means(self) -> list[float]:
        sums, total = [], 0.0
        for i, loss in enumerate(self.losses):
            total += loss - (self.losses[i - WINDOW] if i >= WINDOW else 0.0)
            sums.append(total / min(i + 1, WINDOW))
        return sums
