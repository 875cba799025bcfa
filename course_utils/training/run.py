"""What stands around the loop of `fit`: checks and set-up, the batches and a bar, an end that is explained."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType

import torch
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler
from tqdm import tqdm

from course_utils.training.batches import count_batches, images_and_labels
from course_utils.training.cuda_graph import IndexBatches
from course_utils.training.devices import pick_device
from course_utils.training.distributed import Shard, parallel, rank, world_size
from course_utils.training.errors import TrainingError, check_loader, check_parameters, explain
from course_utils.training.history import History
from course_utils.training.loaders import TensorLoader
from course_utils.training.metrics import Meter, NonFiniteLoss
from course_utils.training.modes import modes_kept
from course_utils.training.non_finite import explain_in_training
from course_utils.training.optimizers import use_fused_step
from course_utils.training.schedules import check_scheduler

Batches = Iterable[tuple[Tensor, Tensor]]
LossFunction = Callable[[Tensor, Tensor], Tensor]

# Before the loop


def choose_device(device: torch.device | str | None, loader: Batches) -> torch.device:
    """The device asked for, or else that of a `TensorLoader`, or else the fastest."""
    if device is not None:
        return torch.device(device)
    return loader.device if isinstance(loader, TensorLoader) else pick_device()


def check_run(
    model: nn.Module,
    optimizer: Optimizer,
    loss_fn: LossFunction,
    scheduler: LRScheduler | None,
    scheduler_every: str | None,
    loaders: dict[str, Batches | None],
    device: torch.device,
) -> None:
    """Check that what a run is made of fits together, before anything is changed; `loaders` by their name in messages.

    Raises:
        ValueError, TypeError: as `check_parameters`, `check_scheduler`, `check_loader`.
    """
    check_parameters(model, optimizer, loss_fn)
    check_scheduler(scheduler, scheduler_every, optimizer)
    for name, loader in loaders.items():
        if loader is not None:
            check_loader(loader, name, device)


def check_numbers(
    epochs: int, clip_norm: float | None, patience: int | None, checkpoint: str | Path | None, resume: bool
) -> None:
    """Check the numbers that `fit` was given.

    Raises:
        ValueError: one is out of its range, or a run is to go on from a file that is not named.
    """
    for name, value in (("epochs", epochs), ("patience", patience)):
        if value is None and name == "patience":
            continue
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise ValueError(f"{name} is {value!r}; expected a whole number of at least 1")
    if clip_norm is not None and not clip_norm > 0:
        raise ValueError(f"clip_norm is {clip_norm!r}; expected a number above 0, or None for no clipping")
    if resume and checkpoint is None:
        raise ValueError("resume=True needs to know the file: give checkpoint='...' too")


def set_up(model: nn.Module, loss_fn: LossFunction, optimizer: Optimizer, device: torch.device) -> None:
    """Put everything on the device."""
    model.to(device)
    if isinstance(loss_fn, nn.Module):
        loss_fn.to(device)
    use_fused_step(optimizer)


def shared_out(model: nn.Module, train: Batches, loss_fn: LossFunction) -> tuple[nn.Module, Batches]:
    """The model and the batches as they are; under ``torchrun`` in their data-parallel form.

    Raises:
        ValueError: under ``torchrun``, and the loss function has parameters, whose gradients nobody would average.
    """
    if world_size() == 1:
        return model, train
    if isinstance(loss_fn, nn.Module) and any(p.requires_grad for p in loss_fn.parameters()):
        raise ValueError(
            f"under torchrun the parameters of {type(loss_fn).__name__} would become different in each process; "
            "train with one process, or make them part of the model"
        )
    shard = Shard(train, training=True)
    return parallel(model, shard), shard


# In the loop


class Run(AbstractContextManager):
    """A run while it goes on; used in a `with` around the loop.

    An interrupt ends the loop and not the program. An error is explained, and then raised as `TrainingError`.
    Afterwards the bar is closed and each layer of the model has the mode that it had.

    Args:
        model, optimizer, history: those of the run.
        train: the batches of an epoch.
        epochs: in all, those in the history included.
        device: where the batches go.
        progress: whether to show a bar.
        close: called at the end, however it comes.
    """

    def __init__(
        self,
        model: nn.Module,
        optimizer: Optimizer,
        history: History,
        train: Batches,
        epochs: int,
        device: torch.device,
        progress: bool,
        close: Callable[[], None] | None,
    ):
        self.model, self.optimizer, self.history, self.device = model, optimizer, history, device
        self._train, self._epochs, self._close = train, epochs, close
        self._images = self._labels = None  # named in messages
        self._epoch = len(history)
        self._last_epoch = ""  # its figures, as the bar tells them
        self._modes = modes_kept(model)
        self._bar = _progress_bar(epochs, len(history), train, progress)

    @property
    def learning_rate(self) -> float:
        """The optimizer's, as it is now."""
        return float(self.optimizer.param_groups[0]["lr"])

    def epochs(self, patience: int | None) -> Iterator[int]:
        """The numbers of the epochs to come, counted from 1; no more of them once patience has run out."""
        for number in range(len(self.history) + 1, self._epochs + 1):
            if _out_of_patience(self.history, patience):
                return
            self._epoch = number
            self._set_epoch(number - 1)
            yield number

    def _set_epoch(self, number: int) -> None:
        """Tell a sampler that shuffles by the number of the epoch, as `DistributedSampler`; counted from 0."""
        loader = getattr(self._train, "loader", self._train)  # which a `Shard` divides
        batch_sampler = getattr(loader, "batch_sampler", None)
        for one in (getattr(loader, "sampler", None), batch_sampler, getattr(batch_sampler, "sampler", None)):
            if hasattr(one, "set_epoch"):
                one.set_epoch(number)

    def batches(self, meter: Meter) -> Iterator[tuple[Tensor, Tensor]]:
        """Images and labels of one epoch, on the device; the bar goes on by one with each, and tells the latest loss.

        It does so after the run's first step, and then when the bar was redrawn, at most ten times a second.
        """
        first = len(self.history) == 0
        for batch in self._train:
            self._images, self._labels = images_and_labels(batch, self.device)
            yield self._images, self._labels
            if self._bar.update() or first:
                self._show_latest_loss(meter, at_once=first)
                first = False

    def _show_latest_loss(self, meter: Meter, at_once: bool) -> None:
        """Write the latest loss behind the bar, before the last epoch's figures."""
        if self._bar.disable:
            return
        loss = meter.latest_loss(wait=at_once)
        if loss is not None:
            parts = [f"epoch {self._epoch}: latest loss {loss:.3f}", self._last_epoch]
            self._bar.set_postfix_str("; ".join(filter(None, parts)), refresh=at_once)

    def show_last_epoch(self) -> None:
        """Write the last epoch's figures behind the bar."""
        epoch = self.history.epochs[-1]
        text = f"epoch {epoch.epoch}: loss {epoch.train_loss:.3f}"
        if epoch.val_loss is not None:
            text += f", val loss {epoch.val_loss:.3f}"
        if epoch.val_accuracy is not None:
            text += f", val accuracy {epoch.val_accuracy:.1%}"
        self._last_epoch = text
        self._bar.set_postfix_str(text)

    def __enter__(self) -> Run:
        self._modes.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool:
        try:
            return self._end(error)
        finally:
            if self._close is not None:
                self._close()
            self._bar.close()
            self._modes.__exit__(None, None, None)

    def _end(self, error: BaseException | None) -> bool:
        """Whether the error, if there is one, ends here."""
        if error is None:
            self.history.stopped = "early" if len(self.history) < self._epochs else "finished"
        elif isinstance(error, KeyboardInterrupt) and world_size() == 1:
            self.history.stopped = "interrupted"
            done = f"{len(self.history)} of {self._epochs} epochs"
            self._bar.write(f"Interrupted: {done} are in the history; the model keeps its weights.")
            return True
        elif isinstance(error, Exception):
            message = self._explain(error)
            if message is not None:
                raise TrainingError(message) from error
        return False

    def _explain(self, error: Exception) -> str | None:
        place = f"epoch {self._epoch}"
        if isinstance(error, NonFiniteLoss):
            loader = self._train.loader if isinstance(self._train, (IndexBatches, Shard)) else self._train
            is_first_step = self._epoch == error.batch == 1
            return explain_in_training(error, place, self.model, loader, self.learning_rate, is_first_step)
        images = self._images
        if isinstance(self._train, IndexBatches) and images is not None:
            images = self._train.images_like(images)
        return explain(error, images, self._labels, place)


def _out_of_patience(history: History, patience: int | None) -> bool:
    return patience is not None and len(history) > 0 and len(history) - (history.best_epoch or 0) >= patience


def _progress_bar(epochs: int, done: int, batches: Batches, show: bool) -> tqdm:
    """A bar over all steps of the run, on standard output, where a notebook shows it in line with what is printed."""
    steps = count_batches(batches)
    return tqdm(
        total=None if steps is None else steps * epochs,
        initial=0 if steps is None else steps * done,
        unit="step",
        file=sys.stdout,
        disable=not show or rank() > 0,
    )
