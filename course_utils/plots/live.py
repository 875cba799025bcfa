"""A loss curve that redraws itself while the network trains, with the confusion matrix of validation images."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import Tensor

from course_utils.plots.described import DescribedFigure

if TYPE_CHECKING:
    from IPython.display import DisplayHandle
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WINDOW = 25  # batches in the running mean
PAUSE = 0.5  # seconds between two pictures
SHARE = 0.1  # of the time may go into pictures
LEAST = 5  # percent of a class that stand in the matrix as a number


class Validation(NamedTuple):
    """What was measured after so many batches: mean loss, accuracy in [0, 1], and the confusion matrix.

    `matrix` (classes, classes) counts images: a row for each true class, a column for each answer.
    """

    batches: int
    loss: float
    accuracy: float
    matrix: Tensor


class LiveCurve:
    """A loss function that also draws: hand it to a training loop in place of `criterion`.

    One picture is shown at once, says that it waits for the first batch, and is replaced in place from then on, so that
    nothing flickers and only the last one is stored. It has each batch's loss, the mean of the last `WINDOW`, and a bar
    of the batches that are done: after the first batch, at most twice a second, and after the last. Between two
    pictures the losses stay on the device, so that no batch has to wait for them. Where no gradients are recorded, as
    in a test loop, it is the criterion alone.

    `validated` adds loss and accuracy of validation images, and their confusion matrix.

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
        classes: the names of the classes, for a confusion matrix; without them there is none.

    Raises:
        ValueError: `steps` is below 1.
    """

    def __init__(self, criterion: Callable[[Tensor, Tensor], Tensor], steps: int, classes: Sequence[str] = ()):
        if steps < 1:
            raise ValueError(f"steps is {steps}; expected a whole number of at least 1")
        self.criterion, self.steps, self.classes = criterion, steps, list(classes)
        self.validations: list[Validation] = []
        self._known: list[float] = []
        self._unread: list[Tensor] = []  # the losses after those, still on the device
        self._next = 0.0  # when a picture is due, by the clock of time.perf_counter
        self._shown: DisplayHandle | None = None
        self._show()

    def __call__(self, outputs: Tensor, labels: Tensor) -> Tensor:
        """The criterion's loss, noted and now and then drawn."""
        loss = self.criterion(outputs, labels)
        if not torch.is_grad_enabled():
            return loss
        self._unread.append(loss.detach())
        done = len(self._known) + len(self._unread)
        begun = time.perf_counter()
        if done in (1, self.steps) or begun >= self._next:
            self._show()
            end = time.perf_counter()
            self._next = end + max(PAUSE, (end - begun) / SHARE)
        return loss

    def validated(self, outputs: Tensor, labels: Tensor) -> Validation:
        """Draw what the network says about the validation images now: loss, accuracy, confusion matrix.

        >>> from torch import nn, tensor
        >>> from course_utils.plots import LiveCurve
        >>> curve = LiveCurve(nn.CrossEntropyLoss(), steps=9, classes=("bag", "boot"))
        Loss of each batch, and mean of the last 25: 0 of 9 batches are done.
        >>> curve.validated(tensor([[5.0, 0.0], [5.0, 0.0]]), tensor([0, 1])).accuracy
        Loss of each batch, and mean of the last 25: 0 of 9 batches are done. Validation loss 2.51, accuracy 50.0 %. \
Most frequent confusion: 1 of 1 boot are called bag.
        0.5

        Args:
            outputs: scores (n, classes) of all validation images together.
            labels: class numbers (n,).

        Raises:
            ValueError: they have other shapes, there is no image, or a label is no class.
        """
        count = len(self.classes) or (outputs.shape[1] if outputs.dim() == 2 else 0)
        if outputs.dim() != 2 or outputs.shape[1] != count or labels.shape != outputs.shape[:1] or not len(labels):
            raise ValueError(
                f"outputs {tuple(outputs.shape)} and labels {tuple(labels.shape)} do not fit; expected "
                f"(n, {count or 'classes'}) and (n,), of all validation images together"
            )
        if labels.min() < 0 or labels.max() >= count:
            raise ValueError(
                f"labels go from {labels.min()} to {labels.max()}; expected class numbers from 0 to {count - 1}"
            )
        self.validations.append(measure(self.criterion, outputs.detach(), labels.long(), len(self.losses)))
        self._show()
        return self.validations[-1]

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

        figure, alt = self._draw(), self._in_words()
        if self._shown is None:
            self._shown = display(DescribedFigure(figure, alt), display_id=True)
        else:
            self._shown.update(DescribedFigure(figure, alt))
        plt.close(figure)

    def _in_words(self) -> str:
        text = (
            f"Loss of each batch, and mean of the last {WINDOW}: {len(self.losses)} of {self.steps} batches are done."
        )
        if self.losses:
            text += f" The loss goes from {self.losses[0]:.1f} to {self._means()[-1]:.1f}."
        if self.validations:
            losses = ", ".join(f"{validation.loss:.2f}" for validation in self.validations)
            accuracies = ", ".join(f"{100 * validation.accuracy:.1f} %" for validation in self.validations)
            text += f" Validation loss {losses}, accuracy {accuracies}."
            text += most_frequent_confusion(self.validations[-1].matrix, self.classes) if self.classes else ""
        return text

    def _draw(self) -> Figure:
        import matplotlib.pyplot as plt

        # places by hand: a layout engine would take as long again as the drawing
        figure = plt.figure(figsize=(9, 3.4) if self.classes else (7, 3))
        curve = figure.add_axes((0.06, 0.15, 0.46, 0.72) if self.classes else (0.08, 0.16, 0.9, 0.73))
        self._draw_losses(curve)
        if self.classes:
            matrix = figure.add_axes((0.68, 0.25, 0.31, 0.62))
            draw_matrix(matrix, self.validations[-1] if self.validations else None, self.classes)
        return figure

    def _draw_losses(self, ax: Axes) -> None:
        from matplotlib.patches import Rectangle

        done = len(self.losses)
        if not done:
            ax.text(0.5, 0.5, "waiting for the first batch", ha="center", va="center", transform=ax.transAxes)
        numbers = range(1, done + 1)
        ax.plot(numbers, self.losses, ".", color="0.7", markersize=4, label="one batch")
        ax.plot(numbers, self._means(), color="#2166ac", label=f"mean of the last {WINDOW}")
        if self.validations:
            places, losses = [v.batches for v in self.validations], [v.loss for v in self.validations]
            ax.plot(places, losses, "s--", color="#b45309", linewidth=1, markersize=5, label="validation")
            for place, validation in zip(places, self.validations, strict=True):
                text, early = f"{100 * validation.accuracy:.0f} %", place < self.steps / 2
                where = {"ha": "left", "xytext": (5, 4)} if early else {"ha": "right", "xytext": (-5, 4)}
                ax.annotate(text, (place, validation.loss), textcoords="offset points", fontsize=8, **where)
        ax.margins(y=0.1)
        ax.set(xlim=(0, self.steps + 1), ylim=(0, None), xlabel="batch", ylabel="loss")
        across = ax.get_xaxis_transform()  # in batches along, in heights of the axes up
        for end, colour in ((self.steps + 1, "0.9"), (done, "#2166ac")):
            ax.add_patch(Rectangle((0, 1.02), end, 0.025, color=colour, transform=across, clip_on=False))
        ax.set_title(f"batch {done} of {self.steps}", fontsize=10, pad=10)
        ax.legend(frameon=False, loc="upper right")

    def _means(self) -> list[float]:
        sums, total = [], 0.0
        for i, loss in enumerate(self.losses):
            total += loss - (self.losses[i - WINDOW] if i >= WINDOW else 0.0)
            sums.append(total / min(i + 1, WINDOW))
        return sums


def measure(criterion: Callable, outputs: Tensor, labels: Tensor, batches: int) -> Validation:
    """Compare scores (n, classes) with class numbers (n,), after so many batches."""
    count = outputs.shape[1]
    with torch.no_grad():
        loss = criterion(outputs, labels).item()
    matrix = torch.bincount(labels * count + outputs.argmax(1), minlength=count**2).reshape(count, count).cpu()
    return Validation(batches, loss, matrix.trace().item() / len(labels), matrix)


def most_frequent_confusion(matrix: Tensor, classes: Sequence[str]) -> str:
    """The largest number beside the diagonal, in words; nothing where all answers were right."""
    wrong = matrix - matrix.diagonal().diag()
    if not wrong.any():
        return ""
    true, answer = divmod(int(wrong.argmax()), len(classes))
    images = int(matrix[true].sum())
    return f" Most frequent confusion: {wrong[true, answer]} of {images} {classes[true]} are called {classes[answer]}."


def draw_matrix(ax: Axes, validation: Validation | None, classes: Sequence[str]) -> None:
    """The confusion matrix in percent of each true class; small numbers are left to the colour."""
    numbers = range(len(classes))
    ax.set_xticks(numbers, classes, rotation=90, fontsize=8)
    ax.set_yticks(numbers, classes, fontsize=8)
    ax.tick_params(length=0)
    ax.set_ylabel("true class", fontsize=8)
    ax.set_xlabel("answer", fontsize=8)
    if validation is None:
        ax.set(xlim=(-0.5, len(classes) - 0.5), ylim=(len(classes) - 0.5, -0.5))
        ax.text(0.5, 0.5, "waiting for the\nfirst validation", ha="center", va="center", transform=ax.transAxes)
        return
    shares = 100 * validation.matrix / validation.matrix.sum(1, keepdim=True).clamp(min=1)
    ax.imshow(shares.numpy(), cmap="Blues", vmin=0, vmax=100, aspect="auto")
    for true, answer in (shares >= LEAST).nonzero().tolist():
        share = shares[true, answer].item()
        ax.text(
            answer,
            true,
            f"{share:.0f}",
            ha="center",
            va="center",
            fontsize=7,
            color="white" if share >= 72 else "black",
        )
    ax.set_title(f"validation: {100 * validation.accuracy:.1f} % right", fontsize=10)
