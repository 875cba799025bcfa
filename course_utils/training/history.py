"""What happened in each epoch of a training run: as rows, as a pandas table, as a plot."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # both are slow to import, and a training run may need neither
    from matplotlib.axes import Axes
    from pandas import DataFrame


@dataclass(frozen=True)
class Epoch:
    """One epoch. Losses are means, accuracies lie in [0, 1]; None stands for "not measured".

    >>> from torch import nn, optim, tensor
    >>> from course_utils.training import fit
    >>> model = nn.Linear(1, 1)
    >>> sgd = optim.SGD(model.parameters(), lr=0.1)
    >>> batch = tensor([[1.0]]), tensor([[3.0]])
    >>> history = fit(model, [batch], epochs=2, optimizer=sgd, loss_fn=nn.MSELoss(), device="cpu", progress=False)
    >>> last = history.epochs[-1]
    >>> last.epoch, last.learning_rate, last.val_loss
    (2, 0.1, None)
    """

    epoch: int
    train_loss: float
    train_accuracy: float | None
    val_loss: float | None
    val_accuracy: float | None
    learning_rate: float
    seconds: float

    @classmethod
    def from_row(cls, row: dict) -> Epoch:
        """The epoch of a row of `History.rows`; files of earlier versions have NaN for "not measured"."""
        return cls(**{name: None if value != value else value for name, value in row.items()})  # only NaN differs


@dataclass
class History:
    """The epochs of a run, the first one first.

    ``history["val_loss"]`` is the list of that value over the epochs. The training figures are taken while the
    network learns, batch by batch; the validation figures afterwards, with the weights at the end of the epoch.

    >>> from course_utils.training import Epoch, History
    >>> one = Epoch(1, train_loss=0.9, train_accuracy=0.6, val_loss=0.7, val_accuracy=0.7, learning_rate=0.1, seconds=5)
    >>> two = Epoch(2, train_loss=0.5, train_accuracy=0.8, val_loss=0.8, val_accuracy=0.7, learning_rate=0.1, seconds=5)
    >>> history = History([one, two])  # `fit` returns one like it
    >>> history["val_loss"], history.best_epoch
    ([0.7, 0.8], 1)

    Attributes:
        epochs: one `Epoch` for each that was finished.
        stopped: how the run ended: "finished", "early" (no improvement) or "interrupted" (Ctrl-C);
            "running" until then.
    """

    epochs: list[Epoch] = field(default_factory=list)
    stopped: str = "running"

    def __len__(self) -> int:
        """Finished epochs."""
        return len(self.epochs)

    def __getitem__(self, name: str) -> list[float | None]:
        """The values of one column, one for each epoch; None where it was not measured."""
        names = [column.name for column in fields(Epoch)]
        if name not in names:
            raise KeyError(f"{name!r} is not recorded; there are {', '.join(names)}")
        return [getattr(epoch, name) for epoch in self.epochs]

    @property
    def has_validation(self) -> bool:
        """Whether a validation loss was measured."""
        return any(loss is not None for loss in self["val_loss"])

    @property
    def best_epoch(self) -> int | None:
        """The epoch, counted from 1, with the lowest validation loss (training loss where there is no other).

        The first of equals; None before the first epoch. A loss that is NaN is never the lowest.
        """
        losses = self["val_loss" if self.has_validation else "train_loss"]
        measured = [
            (loss, epoch)
            for loss, epoch in zip(losses, self["epoch"], strict=True)
            if loss is not None and not math.isnan(loss)
        ]
        return min(measured)[1] if measured else None

    def to_pandas(self) -> DataFrame:
        """A table with one row for each epoch, the epoch's number as index; NaN, pandas' missing value, for None."""
        import pandas as pd

        names = [column.name for column in fields(Epoch)]
        return pd.DataFrame(self.rows(), columns=names).set_index("epoch").astype(float)

    def rows(self) -> list[dict]:
        """The epochs as plain dictionaries."""
        return [asdict(epoch) for epoch in self.epochs]

    def plot(self, axes: Sequence[Axes] | None = None) -> Sequence[Axes]:
        """Draw the losses and the accuracies over the epochs, and mark the best epoch.

        Args:
            axes: two `Axes`, for losses and accuracies; by default a new figure.

        Returns:
            The two `Axes`.

        Raises:
            ValueError: no epoch was finished, or `axes` are not two.
        """
        if not self.epochs:
            raise ValueError("there is nothing to plot: no epoch was finished")
        if axes is None:
            import matplotlib.pyplot as plt

            _, axes = plt.subplots(1, 2, figsize=(9, 3.4), layout="constrained")
        if len(axes) != 2:
            raise ValueError(f"axes has {len(axes)} entries; expected two, for losses and accuracies")
        self._draw(axes[0], "loss", "mean loss", 1)
        self._draw(axes[1], "accuracy", "accuracy in %", 100)
        return axes

    def _draw(self, ax: Axes, what: str, label: str, scale: float) -> None:
        """One panel: training solid with dots, validation dashed with squares, so that colour is not needed."""
        epochs = self["epoch"]
        for part, name, style in (("train", "training", "-o"), ("val", "validation", "--s")):
            values = [math.nan if value is None else value * scale for value in self[f"{part}_{what}"]]
            if not all(math.isnan(value) for value in values):  # a gap in the line stands for "not measured"
                ax.plot(epochs, values, style, markersize=4, label=name)
        best = self.best_epoch
        if best is not None:
            ax.axvline(best, color="0.4", linestyle=":", label=f"best epoch: {best}")
        ax.set_xlabel("epoch")
        ax.set_ylabel(label)
        ax.xaxis.get_major_locator().set_params(integer=True)
        ax.legend()
