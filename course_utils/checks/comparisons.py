"""Judge an experiment that trains two networks side by side by what it did, never by how it is written."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from course_utils.checks.errors import CheckError
from course_utils.checks.values import check_close, check_equal
from course_utils.checks.watching import watched_comparison

_KINDS = ("cnn", "mlp")
_TRAINING, _VALIDATION = "train_loader", "validation_loader"
_FAR_OFF = 10  # a loss on images that were trained with; ten equal probabilities have log(10) = 2.3


class ComparisonTrial:
    """A trial for ``comparison(epochs, seed=0)``, which returns ``{"cnn": [...], "mlp": [...]}``.

    The experiment runs where it is, on a few small images under the names `train_loader` and `validation_loader`.
    Expected are the validation losses of the networks that it made, measured here after each pass over the training
    images; so a right one passes in any style.

    >>> from torch import nn
    >>> from course_utils.checks import ComparisonTrial
    >>> def RepairedCNN():
    ...     return nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
    >>> def matched_mlp(parameters):
    ...     return nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
    >>> def comparison(epochs, seed=0):  # an unfair one, which trains nothing besides
    ...     cnn, mlp = RepairedCNN(), matched_mlp(100)
    ...     return {"cnn": [2.3] * epochs, "mlp": [2.3] * epochs}
    >>> trial = ComparisonTrial(budget=13_686)
    >>> trial.run(comparison, 2, 0)
    {'cnn': [2.3, 2.3], 'mlp': [2.3, 2.3]}
    >>> trial.check_networks()
    Traceback (most recent call last):
        ...
    course_utils.checks.errors.CheckError: comparison(2, 0): what matched_mlp is asked for, to be fair, is not right.
      came:     [100]
      expected: [13686]

    Args:
        budget: what `matched_mlp` must be asked for.
        sizes: how many images for training and for validation.
        seed: for the images, each its class's pattern and noise.
    """

    def __init__(self, *, budget: int, sizes: tuple[int, int] = (32, 20), seed: int = 0):
        self.budget = budget
        generator = torch.Generator().manual_seed(seed)
        patterns = torch.rand(10, 1, 28, 28, generator=generator)
        self._parts = {
            name: _images(patterns, size, generator) for name, size in zip((_TRAINING, _VALIDATION), sizes, strict=True)
        }
        self._call, self._epochs = "comparison", 0
        self._facts: dict[str, Any] = {}

    def run(self, comparison: Callable, epochs: int, *seed: int) -> Any:
        """Call the experiment, keep what it did, and give what it returned; without a seed it has its default."""
        self._call, self._epochs = f"comparison({', '.join(map(str, (epochs, *seed)))})", epochs
        makers = {"cnn": "RepairedCNN", "mlp": "matched_mlp"}
        self._facts = watched_comparison(
            comparison, [epochs, *seed], networks=makers, loop="train_both", loaders=self._parts, batch_size=16
        )
        return self._facts["returned"]

    def check_form(self) -> None:
        """Check that a dictionary of two lists with a number for each epoch came."""
        came = self._facts["returned"]
        likely = {"the function ends without `return`": "NoneType"}
        check_equal(type(came).__name__, "dict", f"the type of what {self._call} returns", likely=likely)
        check_equal(sorted(map(str, came)), list(_KINDS), f"the keys of what {self._call} returns")
        for who in _KINDS:
            check_equal(type(came[who]).__name__, "list", f'the type of {self._call}["{who}"]')
            check_equal(len(came[who]), self._epochs, f'the number of losses in {self._call}["{who}"], one an epoch')

    def check_networks(self) -> None:
        """Check that one `RepairedCNN` and one `matched_mlp` of the budget are made, before the training begins."""
        asked, events = self._facts["asked"], self._facts["events"]
        for who, maker in (("cnn", "RepairedCNN()"), ("mlp", f"matched_mlp({self.budget:_})")):
            if not asked[who]:
                self._fail(f"{maker} is never called", "no such network", "a new one in each call")
        check_equal(asked["mlp"][-1], [self.budget], f"{self._call}: what matched_mlp is asked for, to be fair,")
        first = next((event for event in events if event["what"] == _TRAINING), events[-1])
        for who in _KINDS:
            if first["made"][who] < len(asked[who]):
                came = f"{len(asked[who]) - first['made'][who]} more made after the first epoch began"
                self._fail(f"the {who.upper()} is made anew while it trains", came, "one network for all epochs")

    def check_training(self) -> None:
        """Check that both networks learn in each epoch, from the training images alone, by an optimizer that stays."""
        passes = self._moves()
        for who in _KINDS:
            if moved := [what for what, movers in passes if what == _VALIDATION and who in movers]:
                came = f"its weights change in {len(moved)} passes over validation_loader"
                self._fail(f"the {who.upper()} learns from the validation images", came, "it is only measured on them")
        steps = self._facts["steps"]
        for who, place in (("cnn", 2), ("mlp", 3)):
            count = sum(what == _TRAINING and who in movers for what, movers in passes)
            if count != self._epochs:
                came, wanted = (
                    f"its weights change in {count} passes over train_loader",
                    f"{self._epochs}, one an epoch",
                )
                held = any(step[place] for step in steps)
                cause = "" if held or not steps else f"no optimizer holds the {who.upper()}'s parameters"
                self._fail(f"the training of the {who.upper()}", came, wanted, cause)
        for who, count in self._facts["memories"].items():
            if count > 1:
                came, wanted = f"{count} optimizers take steps with it", "one, which remembers its steps of all epochs"
                self._fail(f"the {who.upper()}'s optimizer is made anew while it trains", came, wanted)
        self._check_settings(steps)
        for who, losses in self._facts["events"][-1]["losses"].items():
            if not losses[_TRAINING] < _FAR_OFF:
                came, wanted = f"a loss of {losses[_TRAINING]:.3g} afterwards", "less; who only guesses has 2.3"
                cause = "the learning rate is far too large"
                self._fail(f"the {who.upper()} gets worse by its training", came, wanted, cause)

    def check_losses(self) -> None:
        """Check that the numbers are the networks' losses on the validation images after each epoch."""
        known = self._after_each_epoch()
        for who in _KINDS:
            for epoch, number in enumerate(self._facts["returned"][who]):
                name = f'{self._call}["{who}"][{epoch}], the validation loss after epoch {epoch + 1}'
                likely = self._why_loss(known, who, epoch)
                check_close(number, known[epoch + 1][who][_VALIDATION], name, likely=likely, rtol=1e-4, atol=1e-6)

    def check_repeats(self, comparison: Callable, epochs: int, seed: int) -> None:
        """Check that the same seed gives the same numbers, and another seed others; without one it is 0."""
        first, start = self.run(comparison, epochs, seed), self._start()
        torch.rand(1)  # or who seeds too late would begin where the last call left the random numbers
        again = self.run(comparison, epochs, *([seed] if seed else []))
        if again != first:
            came = (
                "the networks start with other weights" if self._start() != start else "the same weights, other losses"
            )
            self._fail("the same seed a second time", came, "the same losses as the first time")
        if self.run(comparison, epochs, seed + 1) == first:
            cause = "the seed is not used" if self._start() == start else ""
            self._fail(f"another seed than {seed}", f"the same losses as with {seed}", "others", cause)

    def _start(self) -> Any:
        """Checksums of the weights before the first pass."""
        return self._facts["events"][0]["weights"]

    def _why_loss(self, known: list[dict], who: str, epoch: int) -> dict[str, Any]:
        """Mistakes in words, with the number that each gives for this epoch."""
        other, place = _KINDS[who == "cnn"], _KINDS.index(who)
        reported = self._facts["reported"]
        likely = {
            "this is what train_both returned, the mean loss on the training images": reported[epoch][place]
            if epoch < len(reported) and len(reported[epoch]) == 2
            else None,
            "this is the loss on the training images": known[epoch + 1][who][_TRAINING],
            f"this is the {other.upper()}'s loss": known[epoch + 1][other][_VALIDATION],
            "this is the loss before the epoch: train first, then measure": known[epoch][who][_VALIDATION],
        }
        if epoch + 1 < self._epochs:
            likely["this is the loss after the last epoch: measure after each"] = known[-1][who][_VALIDATION]
        return likely

    def _check_settings(self, steps: Sequence[Sequence[Any]]) -> None:
        """Both networks are trained alike, as far as optimizers of torch.optim are used."""
        kinds = {tuple(step[:2]) for step in steps if not (step[2] and step[3])}
        shared = any(step[2] and step[3] for step in steps)
        if not shared and len({kind for kind, _ in kinds}) > 1:
            self._fail("the optimizers differ", ", ".join(sorted(kind for kind, _ in kinds)), "the same kind for both")
        first = {place: next((step[1] for step in steps if step[place]), None) for place in (2, 3)}
        if not shared and first[2] != first[3]:
            came = f"{first[2]:g} for the CNN, {first[3]:g} for the MLP"
            self._fail("the learning rates differ", came, "the same for both, so that the networks alone differ")

    def _moves(self) -> list[tuple[str, list[str]]]:
        """For each pass over a loader: its name, and which networks changed in it."""
        events = self._facts["events"]
        return [
            (now["what"], [who for who, sum_ in now["weights"].items() if after["weights"].get(who) != sum_])
            for now, after in itertools.pairwise(events)
        ]

    def _after_each_epoch(self) -> list[dict[str, dict[str, float]]]:
        """The networks' losses before the training, and after each pass in which one of them learned."""
        events = self._facts["events"]
        if set(events[-1]["losses"]) != set(_KINDS):
            self._fail("the networks", "not both are made", "a RepairedCNN and a matched_mlp")
        known = [event["losses"] for event in events]
        places = [place for place, (what, movers) in enumerate(self._moves()) if what == _TRAINING and movers]
        if len(places) != self._epochs:
            came = f"{len(places)} passes over train_loader change weights"
            self._fail("the training", came, f"{self._epochs}, one an epoch")
        return [known[places[0]], *(known[place + 1] for place in places)]

    def _fail(self, what: str, came: str, expected: str, cause: str = "") -> None:
        raise CheckError(f"{self._call}: {what}.\n  came:     {came}\n  expected: {expected}", cause)


def _images(patterns: Tensor, size: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Images (size, 1, 28, 28) in [0, 1], each the pattern of its class with noise, and their labels."""
    labels = torch.randint(10, (size,), generator=generator)
    noise = torch.rand(size, 1, 28, 28, generator=generator)
    return 0.5 * patterns[labels] + 0.5 * noise, labels
