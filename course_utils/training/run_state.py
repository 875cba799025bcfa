"""Everything a training run needs to go on later as if it had never stopped, or the reason why it cannot."""

from __future__ import annotations

import copy
from pathlib import Path

from torch import Tensor, nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler
from torch.utils.data import DataLoader

from course_utils.training.checkpoints import read_checkpoint, write_checkpoint
from course_utils.training.distributed import from_every_process, from_first_process, rank, world_size
from course_utils.training.generators import hidden_states, restore_hidden_states
from course_utils.training.history import Epoch, History
from course_utils.training.randomness import random_state, restore_random_state
from course_utils.training.run_settings import Settings, describe_run, first_difference, unchanged

_KEYS = ("model", "loss_fn", "best", "optimizer", "scheduler", "history", "random", "hidden", "settings")


class RunState:
    """The state of a run at the end of an epoch: weights, optimizer, scheduler, history, generators, order of data.

    Args:
        model, optimizer, scheduler, loss_fn, history: those of the run; they are read and changed in place.
        loaders: whatever the batches come from, by the name of `fit`'s argument.
        options: arguments of `fit` that change its arithmetic.
        keep_best: whether to remember the weights of the best epoch.
        path: the checkpoint, or None.

    Raises:
        TypeError: the scheduler has no state that a checkpoint could hold.
    """

    def __init__(
        self,
        model: nn.Module,
        optimizer: Optimizer,
        scheduler: LRScheduler | None,
        loss_fn: object,
        history: History,
        loaders: dict[str, object],
        options: dict[str, object],
        keep_best: bool,
        path: str | Path | None,
    ):
        self.model, self.optimizer, self.scheduler, self.loss_fn = model, optimizer, scheduler, loss_fn
        self.history, self.loaders, self.options = history, loaders, options
        self.keep_best, self.path = keep_best, path
        self.best: dict[str, dict] | None = None
        self.saved: dict | None = None  # what a checkpoint holds, until it is put back
        if path is not None and scheduler is not None and not hasattr(scheduler, "state_dict"):
            raise TypeError(
                f"a checkpoint holds the scheduler's state, and {type(scheduler).__name__} has no state_dict; "
                "derive it from torch.optim.lr_scheduler.LRScheduler, or leave checkpoint out"
            )
        self.settings = {} if path is None else copy.deepcopy(self._settings())

    # The best epoch

    def remember_best(self) -> None:
        """Copy the weights if the last epoch was the best so far."""
        if self.keep_best and self.history.best_epoch == len(self.history):
            self.best = _copied({"model": self.model.state_dict(), "loss_fn": self._loss_state()})

    def restore_best(self) -> None:
        """Give the model, and a loss function that learns, the weights of the best epoch, if they were remembered."""
        if self.best is not None:
            self._load_weights(self.best)

    # Writing

    def write(self) -> None:
        """Write the checkpoint, if there is to be one; of several processes the first one does."""
        if self.path is None:
            return
        random = from_every_process(random_state())
        if rank() == 0:
            write_checkpoint(self.path, self._state(random))
        self._end_workers()

    def _state(self, random: list[dict]) -> dict:
        """All of it. What has changed since the start of the run is no setting."""
        self.settings = unchanged(self.settings, self._settings())
        return {
            "model": self.model.state_dict(),
            "loss_fn": self._loss_state(),
            "best": self.best,
            "optimizer": self.optimizer.state_dict(),
            "scheduler": None if self.scheduler is None else self.scheduler.state_dict(),
            "history": self.history.rows(),
            "random": random,
            "hidden": hidden_states(self._roots()),
            "settings": self.settings,
        }

    def _end_workers(self) -> None:
        """Have workers that outlive an epoch start anew: no checkpoint holds the states of their generators."""
        for loader in self.loaders.values():
            if isinstance(loader, DataLoader) and loader.persistent_workers:
                loader._iterator = None

    # Going on

    def read(self, epochs: int) -> None:
        """Read the checkpoint, if the file is there, and see whether a run of so many epochs can go on from it.

        Nothing but the history is changed yet.

        Raises:
            ValueError: it was written for another kind of run, holds more epochs, or is no checkpoint.
        """
        found = rank() == 0 and Path(self.path).exists()
        saved = from_first_process(read_checkpoint(self.path) if found else None)
        if saved is not None:
            self._check(saved)
            if len(saved["history"]) > epochs:
                raise ValueError(
                    f"{self.path} holds {len(saved['history'])} epochs, more than epochs={epochs}, which counts those "
                    "before a resumption too. Give a larger number, or leave resume=True out to train anew"
                )
            self.saved = saved
            self.history.epochs[:] = _epochs(saved)

    def load(self) -> None:
        """Put back what was read, if a checkpoint was."""
        saved, self.saved = self.saved, None
        if saved is None:
            return
        self._end_workers()
        self._load_weights(saved)
        self.optimizer.load_state_dict(saved["optimizer"])
        if self.scheduler is not None:
            self.scheduler.load_state_dict(saved["scheduler"])
        self.best, self.settings = saved["best"], saved["settings"]
        if self.best is None:
            self.remember_best()
        restore_hidden_states(self._roots(), saved["hidden"])
        if len(saved["random"]) == world_size():
            restore_random_state(saved["random"][rank()])
        elif rank() == 0:  # another number of processes: they have seeds of their own
            restore_random_state(saved["random"][0])

    @property
    def saved_scheduler(self) -> dict | None:
        """The scheduler's state in the file that was read."""
        return None if self.saved is None else self.saved["scheduler"]

    def _check(self, saved: dict) -> None:
        missing = [key for key in _KEYS if key not in saved]
        if missing:
            writer = "an older version of fit" if saved["format"].endswith(" 1") else "something else than fit"
            advice = "Give another file" if "model" in missing else f"Start {_from_the_weights(self.path)}"
            raise ValueError(
                f"{self.path} was written by {writer} and does not hold all of a run: {missing[0]!r} is missing. "
                f"{advice}"
            )
        _check_weights(self.path, "model", self.model.state_dict(), saved["model"])
        difference = first_difference(saved["settings"], self._settings())
        if difference is not None:
            raise ValueError(_explain_difference(self.path, *difference))
        _check_weights(self.path, "loss function", self._loss_state(), saved["loss_fn"])
        own = hidden_states(self._roots())
        if own.keys() != saved["hidden"].keys():
            name = sorted(own.keys() ^ saved["hidden"].keys())[0]
            where = ("missing in the file", "here") if name in own else ("in the file", "missing here")
            raise ValueError(
                f"{self.path} was written by another kind of run: the random generator or counter {name} is {where[0]} "
                f"and {where[1]}. Give fit the same loaders, or leave resume=True out"
            )
        self._check_best(saved)

    def _check_best(self, saved: dict) -> None:
        """Whether the weights of the best epoch are at hand, if they are to be given back in the end."""
        best = History(_epochs(saved)).best_epoch
        if self.keep_best and saved["best"] is None and best not in (None, len(saved["history"])):
            raise ValueError(
                f"{self.path} was written by a run without patience, which kept no weights of its best epoch, {best}. "
                "Leave patience out too, or leave resume=True out"
            )

    # Parts

    def _settings(self) -> Settings:
        return describe_run(self.model, self.optimizer, self.scheduler, self.loss_fn, self.loaders, self.options)

    def _roots(self) -> dict[str, object]:
        """Where generators may be hidden."""
        return {**self.loaders, "model": self.model, "loss_fn": self.loss_fn}

    def _loss_state(self) -> dict:
        return self.loss_fn.state_dict() if isinstance(self.loss_fn, nn.Module) else {}

    def _load_weights(self, weights: dict) -> None:
        self.model.load_state_dict(weights["model"])
        if isinstance(self.loss_fn, nn.Module):
            self.loss_fn.load_state_dict(weights["loss_fn"])


def _epochs(saved: dict) -> list[Epoch]:
    return [Epoch.from_row(row) for row in saved["history"]]


def _copied(state: dict[str, dict]) -> dict[str, dict]:
    """A copy of the tensors alone, without their gradients' history; what a layer adds as extra state is copied too."""
    return {
        part: {
            name: value.detach().clone() if isinstance(value, Tensor) else copy.deepcopy(value)
            for name, value in values.items()
        }
        for part, values in state.items()
    }


def _check_weights(path: str | Path, part: str, own: dict, saved: dict) -> None:
    """Check that two states have the same names and shapes."""
    ours, theirs = ({name: _shape(value) for name, value in state.items()} for state in (own, saved))
    names = [name for name in {**theirs, **ours} if ours.get(name) != theirs.get(name)]
    if names:
        name = sorted(names)[0]
        raise ValueError(
            f"{path} holds the weights of another {part}: {name} is {theirs.get(name, 'missing')} in "
            f"the file and {ours.get(name, 'missing')} in this {part}. Build the same {part}, or take another file"
        )


def _shape(value: object) -> str:
    """As it is named in messages; the type where it is not the usual one."""
    if not isinstance(value, Tensor):
        return f"a {type(value).__name__}"
    kind = str(value.dtype).removeprefix("torch.")
    return f"{tuple(value.shape)}" + ("" if kind == "float32" else f" {kind}")


def _explain_difference(path: str | Path, part: str, name: str, saved: object, given: object) -> str:
    start = f"{path} was written by another kind of run: "
    if name == "class":
        of_file, here = (f"no {part}" if one is None else f"{part} {one}" for one in (saved, given))
        return f"{start}it had {of_file}, this one has {here}. Give fit the same, or leave resume=True out"
    message = f"{start}{part}'s {name} was {_short(saved)} there and is {_short(given)} here. "
    if part == "scheduler":
        return (
            f"{message}A resumed run keeps its schedule, which is planned for all epochs from the start: give fit the "
            f"scheduler of that run again. Or start {_from_the_weights(path)}"
        )
    return f"{message}A resumed run is the same run: give fit the same {part} again. Or start {_from_the_weights(path)}"


def _short(value: object) -> str:
    text = repr(value.tolist() if isinstance(value, Tensor) else value)
    return text if len(text) <= 80 else f"{text[:77]}..."


def _from_the_weights(path: str | Path) -> str:
    return (
        "a new run from its weights: "
        f"model.load_state_dict(read_checkpoint({str(path)!r})['model']), and fit without resume=True"
    )
