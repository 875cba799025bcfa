"""Learning rate schedulers in a run: what can be seen to be wrong before the first step, and what each is given."""

import math
from collections.abc import Iterable
from typing import Protocol

from torch.optim import Optimizer
from torch.optim.lr_scheduler import ChainedScheduler, LRScheduler, OneCycleLR, ReduceLROnPlateau, SequentialLR

from course_utils.training.batches import count_batches


class Measured(Protocol):
    """The figures of an epoch that a scheduler may look at."""

    loss: float
    accuracy: float | None


def check_scheduler(scheduler: object, every: str | None, optimizer: Optimizer) -> None:
    """Check that a scheduler belongs to this optimizer and that it was said when it steps.

    Raises:
        TypeError: it is none.
        ValueError: it does not, or it was not.
    """
    if scheduler is None:
        if every is not None:
            raise ValueError(f"scheduler_every={every!r} but no scheduler was given; give scheduler=... too")
        return
    if isinstance(scheduler, type) or not hasattr(scheduler, "optimizer"):
        raise TypeError(
            f"scheduler is {scheduler!r}; expected one built for the optimizer, for instance "
            "torch.optim.lr_scheduler.StepLR(optimizer, step_size=2)"
        )
    if scheduler.optimizer is not optimizer:
        raise ValueError("the scheduler was built for another optimizer; build it from the optimizer given to fit")
    name = type(scheduler).__name__
    if every not in ("step", "epoch"):
        raise ValueError(
            f"scheduler_every is {every!r}; say when {name} is to step: scheduler_every='step' after each batch "
            "(OneCycleLR, CyclicLR, warm-up) or scheduler_every='epoch' after each epoch (StepLR, ReduceLROnPlateau)"
        )
    if every == "step" and isinstance(scheduler, ReduceLROnPlateau):
        raise ValueError(
            "ReduceLROnPlateau looks at the loss or the accuracy of a whole epoch; use scheduler_every='epoch'"
        )
    for part in _leaves(scheduler):
        rates, groups = len(getattr(part, "base_lrs", optimizer.param_groups)), len(optimizer.param_groups)
        if rates != groups:
            raise ValueError(
                f"{type(part).__name__} has learning rates for {rates} parameter groups, the optimizer has {groups}; "
                "build the scheduler after the last add_param_group"
            )


def _leaves(scheduler: object) -> list[object]:
    inside = getattr(scheduler, "_schedulers", None)
    return [scheduler] if inside is None else [leaf for part in inside for leaf in _leaves(part)]


def check_length(
    scheduler: LRScheduler | None, every: str | None, epochs: int, done: int, train: Iterable, state: dict | None
) -> None:
    """Check that a `OneCycleLR`, which refuses to step further than it was made for, lasts to the end of the run.

    Args:
        scheduler, every, epochs, train: as `fit` has them.
        done: epochs that were done before a resumption.
        state: the scheduler's from the checkpoint; None if the run starts.

    Raises:
        ValueError: it is too short, or as long as the run has batches but is to step once in an epoch.
    """
    if scheduler is None:
        return
    batches = count_batches(train)
    in_an_epoch = 1 if every == "epoch" else batches
    if in_an_epoch is None:
        return
    taken = _taken(vars(scheduler) if state is None else state)
    to_come = (epochs - done) * in_an_epoch
    for one, end in _ends(scheduler, taken + to_come):
        if end > one.total_steps:
            before = f"{taken} taken before and " if taken else ""
            raise ValueError(
                f"OneCycleLR was made for {one.total_steps} steps (total_steps={one.total_steps}), and this run needs "
                f"{end}: {before}{to_come} to come, by epochs={epochs}{f' less {done} done' if done else ''}, "
                f"len(train)={batches} and scheduler_every={every!r}. {_advice(end, taken, done)}"
            )
        if every == "epoch" and batches not in (None, 1) and one.total_steps == epochs * batches:
            raise ValueError(
                f"OneCycleLR was made for {one.total_steps} steps, as many as epochs * len(train) = {epochs} * "
                f"{batches}, but scheduler_every='epoch' lets it step {end} times. Perhaps scheduler_every='step' was "
                f"meant; else give it total_steps={epochs}"
            )


def _advice(steps: int, taken: int, done: int) -> str:
    if done:
        return (
            "A schedule is planned for all epochs from the start: give fewer epochs, or a new run without resume=True"
        )
    if taken:
        return "Build a new scheduler for this run"
    return f"Give it total_steps={steps}, or train for fewer epochs"


def _taken(state: dict) -> int:
    """Steps that a scheduler has taken, from its state or its attributes."""
    if "last_epoch" in state:
        return state["last_epoch"]
    inside = state.get("_schedulers")
    if not inside:
        return 0
    return _taken(inside[0] if isinstance(inside[0], dict) else vars(inside[0]))


def _ends(scheduler: object, end: int) -> list[tuple[OneCycleLR, int]]:
    """Each `OneCycleLR` in it, with how many steps it will have taken when the outermost scheduler has taken `end`."""
    if isinstance(scheduler, OneCycleLR):
        return [(scheduler, end)]
    inside = getattr(scheduler, "_schedulers", [])
    if isinstance(scheduler, ChainedScheduler):
        return [found for part in inside for found in _ends(part, end)]
    if not isinstance(scheduler, SequentialLR):
        return []
    starts = [0, *scheduler._milestones]
    stops = [*scheduler._milestones, math.inf]
    spans = zip(inside, starts, stops, strict=True)
    return [found for part, start, stop in spans if start <= end for found in _ends(part, min(end, stop - 1) - start)]


def step_after_epoch(scheduler: LRScheduler, trained: Measured, tested: Measured | None) -> None:
    """Let a scheduler step. `ReduceLROnPlateau` gets the loss, or with ``mode="max"`` the accuracy.

    Args:
        trained, tested: the epoch's figures in training and in validation; the second come first, where there are any.

    Raises:
        ValueError: the accuracy is wanted, and none was measured.
    """
    if not isinstance(scheduler, ReduceLROnPlateau):
        scheduler.step()
        return
    name, figures = ("training", trained) if tested is None else ("validation", tested)
    if scheduler.mode == "min":
        scheduler.step(figures.loss)
    elif figures.accuracy is None:
        raise ValueError(
            f"ReduceLROnPlateau(mode='max') gets the {name} accuracy, and there is none: the labels are not class "
            "numbers, or the outputs no single tensor of scores for them. With mode='min' it gets the loss, which "
            "should fall"
        )
    else:
        scheduler.step(figures.accuracy)
