"""Everything a training run needs to go on later as if it had never stopped."""

from pathlib import Path

import torch
from torch import Tensor, nn
from torch.optim.lr_scheduler import LRScheduler

from course_utils.training.checkpoints import read_checkpoint, write_checkpoint
from course_utils.training.distributed import from_first_process, rank
from course_utils.training.history import Epoch, History
from course_utils.training.randomness import random_state, restore_random_state


class RunState:
    """The state of a run at the end of an epoch: weights, optimizer, scheduler, history, generators, order of data.

    Args:
        model, optimizer, scheduler, history: those of the run; they are read and changed in place.
        loaders: whatever the batches come from.
        keep_best: whether to remember the weights of the best epoch.
    """

    def __init__(
        self,
        model: nn.Module,
        optimizer: torch.optim.Optimizer,
        scheduler: LRScheduler | None,
        history: History,
        loaders: list,
        keep_best: bool,
    ):
        self.model = model
        self.optimizer = optimizer
        self.scheduler = scheduler
        self.history = history
        self.loaders = loaders
        self.keep_best = keep_best
        self.best: dict[str, Tensor] | None = None

    def remember_best(self) -> None:
        """Copy the weights if the last epoch was the best so far."""
        if self.keep_best and self.history.best_epoch == len(self.history):
            self.best = {name: value.detach().clone() for name, value in self.model.state_dict().items()}

    def restore_best(self) -> None:
        """Give the model the weights of its best epoch, if they were remembered."""
        if self.best is not None:
            self.model.load_state_dict(self.best)

    def write_to(self, path: str | Path) -> None:
        """Write a checkpoint; of several processes the first one does."""
        if rank() == 0:
            write_checkpoint(path, self.state())

    def load_from(self, path: str | Path) -> None:
        """Go on from a checkpoint, if the file is there; of several processes the first one reads it for all.

        Raises:
            ValueError: it was written for another kind of run, or is no checkpoint.
        """
        found = rank() == 0 and Path(path).exists()
        saved = from_first_process(read_checkpoint(path) if found else None)
        if saved is not None:
            self.load_state(saved, path)

    def state(self) -> dict:
        """All of it, for a checkpoint."""
        return {
            "model": self.model.state_dict(),
            "best": self.best,
            "optimizer": self.optimizer.state_dict(),
            "scheduler": None if self.scheduler is None else self.scheduler.state_dict(),
            "history": self.history.rows(),
            "random": random_state(),
            "loaders": [_order(loader) for loader in self.loaders],
        }

    def load_state(self, state: dict, path: str | Path) -> None:
        """Put back what `state` returned; `path` is named in messages.

        Raises:
            ValueError: the checkpoint was written for another model, optimizer, scheduler or kind of loader. The
                model is then as it was.
        """
        own = {name: tuple(value.shape) for name, value in self.model.state_dict().items()}
        other = {name: tuple(value.shape) for name, value in state["model"].items()}
        if own != other:
            names = sorted(name for name in own.keys() | other.keys() if own.get(name) != other.get(name))
            raise ValueError(
                f"{path} holds the weights of another model: {names[0]} is {other.get(names[0], 'missing')} in "
                f"the file and {own.get(names[0], 'missing')} in this model. Build the same model, or take another file"
            )
        try:
            self.optimizer.load_state_dict(state["optimizer"])
            if (state["scheduler"] is None) != (self.scheduler is None):
                raise ValueError("one has a scheduler and one has none")
            if self.scheduler is not None:
                self.scheduler.load_state_dict(state["scheduler"])
            for loader, order in zip(self.loaders, state["loaders"], strict=True):
                _restore_order(loader, order)
        except (ValueError, KeyError, RuntimeError) as error:
            raise ValueError(
                f"{path} was written by another kind of run ({error}); "
                "give fit the same optimizer, scheduler and loaders"
            ) from error
        self.model.load_state_dict(state["model"])
        self.best = state["best"]
        self.history.epochs[:] = [Epoch.from_row(row) for row in state["history"]]
        restore_random_state(state["random"])


def _order(loader: object) -> dict:
    """What decides on a loader's next order: seed and epoch of a `TensorLoader`, the generator of a `DataLoader`."""
    if hasattr(loader, "seed") and hasattr(loader, "epoch"):
        return {"seed": loader.seed, "epoch": loader.epoch}
    generator = getattr(loader, "generator", None)
    return {} if generator is None else {"generator": generator.get_state()}


def _restore_order(loader: object, order: dict) -> None:
    if order.keys() != _order(loader).keys():
        raise ValueError("the loaders are of another kind")
    if "generator" in order:
        loader.generator.set_state(order["generator"])
    elif order:
        loader.seed, loader.epoch = order["seed"], order["epoch"]
