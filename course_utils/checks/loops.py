"""Judge a training or evaluation loop by what it does, never by how it is written.

    trial = TrainingTrial("train_one_epoch")
    came = train_one_epoch(trial.model, trial.loader, trial.criterion, trial.optimizer, trial.device)
    trial.check_weights()
    trial.check_mean_loss(came)

Weights, losses and accuracies are compared with those of a loop written out here, so a right loop passes in any style.
The diary of `course_utils.checks.recording` names the cause where they differ, and shows what leaves no trace in them:
modes, gradients, moves to the device. Each check raises `CheckError` and judges one thing, so that each can have its
own graded cell.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any, NoReturn

import torch
from torch import Tensor, nn

from course_utils.checks.errors import CheckError
from course_utils.checks.recording import DEVICE, Event, RecordingLoader, RecordingModel, RecordingSGD, plain
from course_utils.checks.values import check_close, check_equal

_MODES = {True: "training", False: "evaluation"}


class _Trial:
    """What a loop is given, and what can be checked of every loop.

    Args:
        function: how messages call the loop under test.
        sizes: images in each batch.
        models: a name for each model; `model` and `optimizer` are the first one's, which checks mean by default.
        training: the mode in which the loop gets the models.
        lr: the optimizers' learning rate. At 0 the weights stay, so that a mean loss can be judged apart from steps.
        criterion: takes logits and labels, returns their mean loss; by default cross entropy.
        seed: for weights and images.

    Attributes:
        model, optimizer, loader, criterion, device: what the loop under test is called with.
        models, optimizers: all of them, by name.
        log: the diary, a list of `course_utils.checks.recording.Event`.
    """

    def __init__(
        self,
        function: str,
        *,
        sizes: Sequence[int] = (4, 4, 2),
        models: Sequence[str] = ("model",),
        training: bool = True,
        lr: float = 0.5,
        criterion: nn.Module | None = None,
        seed: int = 0,
    ):
        self.function, self.lr, self.training, self.device = function, lr, training, DEVICE
        self.criterion = criterion or nn.CrossEntropyLoss()
        self.log: list[Event] = []
        self.models = {name: RecordingModel(name, self.log, seed + i).train(training) for i, name in enumerate(models)}
        self.optimizers = {name: RecordingSGD(model, lr) for name, model in self.models.items()}
        self.model, self.optimizer = self.models[models[0]], self.optimizers[models[0]]
        self._start = {name: model.plain_copy() for name, model in self.models.items()}
        self._batches = _draw(sizes, self._start[models[0]], seed)
        self._sizes = torch.tensor(sizes, dtype=torch.float64)
        self.loader = RecordingLoader(self._batches, self.log)

    def check_mean_loss(self, came: Any, model: str | None = None) -> None:
        """Check that `came` is the mean loss per sample, before each batch's step."""
        losses, sizes = torch.tensor(self._reference(model)[1], dtype=torch.float64), self._sizes
        total = (losses * sizes).sum()
        likely = {
            "the mean of the batches' means: a smaller batch must weigh less": losses.mean(),
            "the batches' mean losses are added up, and neither weighed nor divided": losses.sum(),
            "each batch's mean loss must be multiplied by its number of images": losses.sum() / sizes.sum(),
            "the sum over all images must be divided by their number": total,
            "the sum over all images is divided by the number of batches": total / len(sizes),
            "the last batch is counted as large as the first": total / (len(sizes) * sizes[0]),
            "every batch is weighed as if it were as large as the first": losses.sum() * sizes[0] / sizes.sum(),
            "every batch is weighed by the size of the last": losses.sum() * sizes[-1] / sizes.sum(),
            "this is the last batch alone": losses[-1],
            "this is the first batch alone: is `return` inside the loop?": losses[0],
            "only the first batch is added up: is `return` inside the loop?": losses[0] * sizes[0] / sizes.sum(),
        }
        self._check_number(came, total / sizes.sum(), "the mean loss per sample", model, likely)

    def check_moves(self) -> None:
        """Check that no operation got tensors of two devices."""
        mixed = [event.who for event in self.log if event.kind == "mixed"]
        if mixed:
            meet = "the images and the model's weights" if mixed[0] == "conv2d" else "the labels and the logits"
            self._fail(
                "two devices in one operation",
                f"{meet} are on different devices (in `{mixed[0]}`); with a GPU this is an error",
                "images and labels on the device of the model",
                "`.to(device)` is missing for one of them, or its result is not kept, or it is not the device that "
                "the function was given",
            )

    def _reference(self, model: str | None) -> tuple[nn.Module, list[float]]:
        """The network after the loop, and each batch's loss, computed with ordinary tensors."""
        net, losses = copy.deepcopy(self._start[self._name(model)]), []
        for images, labels in self._batches:
            loss = self.criterion(net(images), labels)
            losses.append(loss.item())
            self._update(net, loss)
        return net, losses

    def _update(self, net: nn.Module, loss: Tensor) -> None:
        """What a loop does to the weights after each batch: an evaluation does nothing."""

    def _passes(self, model: str | None) -> list[Event]:
        """The model's forward passes, of which there must be one."""
        found = [event for event in self.log if event.kind == "forward" and event.who == self._name(model)]
        if not found:
            self._fail(
                f"the model{_of(model)} is never called",
                "no forward pass",
                f"one for each of {len(self.loader)} batches",
                "the loop's body does not run, or another model is called than the one that the function was given",
            )
        return found

    def _name(self, model: str | None) -> str:
        return self.model.name if model is None else model

    def _check_number(self, came: Any, expected: Tensor, what: str, model: str | None, likely: dict) -> None:
        likely = {cause: value.item() for cause, value in likely.items()}
        check_close(plain(came), expected.item(), f"{self.function}: {what}{_of(model)}", likely=likely)

    def _fail(self, what: str, came: str, expected: str, cause: str) -> NoReturn:
        raise CheckError(
            f"{self.function}: {what}.\n  came:     {came}\n  expected: {expected}\n  likely cause: {cause}"
        )


class TrainingTrial(_Trial):
    """A trial for a training loop: one pass over the loader, a step of gradient descent for each batch.

    >>> from course_utils.checks import TrainingTrial
    >>> trial = TrainingTrial("train_one_epoch")
    >>> for images, labels in trial.loader:  # a loop that forgets optimizer.step()
    ...     trial.optimizer.zero_grad()
    ...     trial.criterion(trial.model(images.to(trial.device)), labels.to(trial.device)).backward()
    >>> trial.check_weights()
    Traceback (most recent call last):
        ...
    course_utils.checks.errors.CheckError: train_one_epoch: the weights are wrong afterwards.
      came:     zero_grad, forward, backward, zero_grad, forward, backward, zero_grad, forward, backward
      expected: zero_grad, forward, backward, step for each batch
      likely cause: `optimizer.step()` is missing
    """

    def _update(self, net: nn.Module, loss: Tensor) -> None:
        parameters = list(net.parameters())
        gradients = torch.autograd.grad(loss, parameters)
        with torch.no_grad():
            for parameter, gradient in zip(parameters, gradients, strict=True):
                parameter -= self.lr * gradient

    def check_weights(self, model: str | None = None) -> None:
        """Check that the weights afterwards are what one step for each batch makes of them."""
        self._passes(model)
        after, expected = _flat(self.models[self._name(model)].plain_copy()), _flat(self._reference(model)[0])
        if not torch.allclose(after, expected, rtol=1e-6, atol=1e-9):
            kinds = self._kinds(model)
            came = ", ".join(kinds[:9]) + (", ..." if len(kinds) > 9 else "")
            expected = "zero_grad, forward, backward, step for each batch"
            self._fail(f"the weights{_of(model)} are wrong afterwards", came, expected, _why(kinds, len(self.loader)))

    def check_backward(self, model: str | None = None) -> None:
        """Check that a gradient reached the model once for each batch."""
        too_few = "`backward()` is missing, or the loss was computed from another model's output"
        too_many = "`backward()` ran more than once, or another model's loss was computed from this one's output"
        self._check_count("backward", model, too_few, too_many)

    def check_steps(self, model: str | None = None) -> None:
        """Check that the model's optimizer took one step for each batch."""
        too_few = "`step()` is missing or stands behind the loop, or another optimizer's was called in its place"
        self._check_count("step", model, too_few, "`step()` is called twice, perhaps in place of another optimizer's")

    def check_training_mode(self, model: str | None = None) -> None:
        """Check that the model was in training mode in each pass."""
        if not all(event.training for event in self._passes(model)):
            cause = "`model.train()` is missing before the loop, or `model.eval()` is called; the model came in "
            cause += f"{_MODES[self.training]} mode, as a test may leave it"
            self._fail(f"the model{_of(model)} trains in the wrong mode", "evaluation mode", "training mode", cause)

    def _check_count(self, kind: str, model: str | None, too_few: str, too_many: str) -> None:
        came, batches = self._kinds(model).count(kind), len(self.loader)
        if came != batches:
            what = f"`{kind}`{_of(model)} must happen once for each batch"
            self._fail(what, f"{came} in {batches} batches", str(batches), too_few if came < batches else too_many)

    def _kinds(self, model: str | None) -> list[str]:
        return [event.kind for event in self.log if event.who == self._name(model)]


class EvaluationTrial(_Trial):
    """A trial for an evaluation loop: one pass over the loader that leaves no trace.

    >>> from course_utils.checks import EvaluationTrial
    >>> trial = EvaluationTrial("evaluate")
    >>> for images, labels in trial.loader:  # a loop that forgets model.eval()
    ...     logits = trial.model(images.to(trial.device))
    >>> trial.check_eval_mode()
    Traceback (most recent call last):
        ...
    course_utils.checks.errors.CheckError: evaluate: the model is tested in the wrong mode.
      came:     training mode
      expected: evaluation mode
      likely cause: `model.eval()` is missing before the loop
    """

    def check_accuracy(self, came: Any, model: str | None = None) -> None:
        """Check that `came` is the share, in [0, 1], of images whose largest logit is their label's."""
        net, sizes = self._start[self._name(model)], self._sizes
        right = torch.stack([(net(images).argmax(1) == labels).sum() for images, labels in self._batches]).double()
        accuracy = right.sum() / sizes.sum()
        likely = {
            "this is per cent; a share in [0, 1] is asked for": 100 * accuracy,
            "the number of right answers must be divided by the number of images": right.sum(),
            "the mean of the batches' accuracies: a smaller batch must weigh less": (right / sizes).mean(),
            "the batches' accuracies are added up": (right / sizes).sum(),
            "the number of right answers is divided by the number of batches": right.sum() / len(sizes),
            "the last batch is counted as large as the first": right.sum() / (len(sizes) * sizes[0]),
            "this is the last batch alone: add up over the batches": right[-1] / sizes[-1],
            "this is the first batch alone: is `return` inside the loop?": right[0] / sizes[0],
            "the right answers of the last batch alone are counted": right[-1] / sizes.sum(),
            "this is the share of wrong answers": 1 - accuracy,
        }
        if set(sizes.tolist()) == {3.0}:  # as many images as classes: no other size lets this mistake run
            wrong = torch.stack([(net(images).argmax(0) == labels).sum() for images, labels in self._batches])
            likely["`argmax` runs along axis 0, the images; the classes are axis 1"] = wrong.sum() / sizes.sum()
        self._check_number(came, accuracy, "the accuracy", model, likely)

    def check_eval_mode(self, model: str | None = None) -> None:
        """Check that the model was in evaluation mode in each pass."""
        if any(event.training for event in self._passes(model)):
            what, cause = (
                f"the model{_of(model)} is tested in the wrong mode",
                "`model.eval()` is missing before the loop",
            )
            self._fail(what, "training mode", "evaluation mode", cause)

    def check_no_gradients(self, model: str | None = None) -> None:
        """Check that no pass recorded what a backward pass would need."""
        if any(event.gradients for event in self._passes(model)):
            cause = "`with torch.no_grad():` around the loop is missing: recording costs time and memory"
            self._fail(f"gradients are recorded{_of(model)}", "gradients on in a pass", "gradients off", cause)

    def check_mode_restored(self, model: str | None = None) -> None:
        """Check that the model is in the mode that it came in."""
        found = self.models[self._name(model)].training
        if found != self.training:
            came, expected = f"{_MODES[found]} mode", f"{_MODES[self.training]} mode, as before the call"
            cause = "remember `model.training` before the loop, and put it back behind it with `model.train(...)`"
            self._fail(f"the model{_of(model)} is left in another mode", came, expected, cause)

    def check_unchanged(self, model: str | None = None) -> None:
        """Check that the weights stay as they were."""
        name = self._name(model)
        same = torch.equal(_flat(self.models[name].plain_copy()), _flat(self._start[name]))
        check_equal(same, True, f"{self.function}: whether the weights{_of(model)} stay as they were")


def _draw(sizes: Sequence[int], net: nn.Module, seed: int) -> list[tuple[Tensor, Tensor]]:
    """Images (N, 1, 4, 5) with labels: `net` errs in every second image, but in none of the last batch."""
    generator = torch.Generator().manual_seed(seed)
    batches = []
    for place, size in enumerate(sizes):
        images = torch.randn(size, 1, 4, 5, generator=generator, dtype=torch.float64)
        labels = net(images).argmax(1)
        if place < len(sizes) - 1:
            labels[place % 2 :: 2] = (labels[place % 2 :: 2] + 1) % 3
        batches.append((images, labels))
    return batches


def _why(kinds: list[str], batches: int) -> str:
    """The likely cause of wrong weights, from the diary of one model."""
    count = kinds.count
    if count("backward") == 0:
        return "no gradient reaches the model: `backward()` is missing, or the loss is another model's"
    if count("step") == 0:
        return "`optimizer.step()` is missing"
    if kinds.index("step") < kinds.index("backward"):
        return "`step()` comes before `backward()`: it uses the gradients of the batch before, the first time none"
    if count("forward") < batches:
        return f"only {count('forward')} of {batches} batches are used: is `return` or `break` inside the loop?"
    if count("step") < batches:
        return "`step()` runs less than once for each batch: does it stand behind the loop?"
    if ("backward", "zero_grad", "step") in zip(kinds, kinds[1:], kinds[2:], strict=False):
        return "`zero_grad()` stands between `backward()` and `step()`: it erases what was just computed"
    if count("step") > batches:
        return "`step()` runs more than once for each batch, or the loop goes through the loader again"
    if count("backward") > batches:
        return "`backward()` runs more than once for each batch: its gradients add up"
    if _adds_up(kinds):
        return "`zero_grad()` must run for each batch: otherwise the gradients of all batches add up"
    return "the order is right, the gradients are not: `backward()` must start at this batch's mean loss alone"


def _adds_up(kinds: list[str]) -> bool:
    """Whether a backward pass met the gradients of an earlier one."""
    clean = True
    for kind in kinds:
        if kind == "backward":
            if not clean:
                return True
            clean = False
        elif kind == "zero_grad":
            clean = True
    return False


def _of(model: str | None) -> str:
    return f" of `{model}`" if model else ""


def _flat(net: nn.Module) -> Tensor:
    return torch.cat([parameter.detach().flatten() for parameter in net.parameters()])
