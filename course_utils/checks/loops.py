"""Judge a training or evaluation loop by what it does, never by how it is written.

    trial = TrainingTrial("train_one_epoch")
    came = trial.run(train_one_epoch, "model", "loader", "criterion", "optimizer", "device")
    trial.check_weights()
    trial.check_mean_loss(came)

A trial draws weights and batches. `course_utils.checks.recording` runs the loop on them, where the answer is, and
brings back facts: what it returned, a diary, the weights afterwards. All verdicts are here. Weights, losses and
accuracies are compared with those of a loop written out here, so a right loop passes in any style. The diary names the
cause where they differ, and shows what leaves no trace in them: modes, gradients, moves to the device. Each check
raises `CheckError` and judges one thing, so that each can have its own graded cell.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

import torch
from torch import Tensor, nn
from torch.nn.utils import parameters_to_vector

from course_utils.checks.failures import failure
from course_utils.checks.loop_causes import why_accuracy, why_mean_loss, why_weights
from course_utils.checks.recording import Event, draw_batches, net_with, recorded_run, small_net
from course_utils.checks.values import check_close, check_equal

_MODES = {True: "training", False: "evaluation"}


class _Trial:
    """What a loop is given, and what can be checked of every loop.

    Args:
        function: how messages call the loop under test.
        sizes: images in each batch.
        models: a name for each model; checks mean the first one by default.
        same_weights: whether all models start with the weights of the first.
        training: the mode in which the loop gets the models.
        lr: the optimizers' learning rate. At 0 the weights stay, so that a mean loss can be judged apart from steps.
        criterion: takes logits and labels, returns their mean loss; by default cross entropy.
        seed: for weights and images.
    """

    def __init__(
        self,
        function: str,
        *,
        sizes: Sequence[int] = (4, 4, 2),
        models: Sequence[str] = ("model",),
        same_weights: bool = False,
        training: bool = True,
        lr: float = 0.5,
        criterion: nn.Module | None = None,
        seed: int = 0,
    ):
        self.function, self.lr, self.training = function, lr, training
        self.criterion = criterion or nn.CrossEntropyLoss()
        self._first = models[0]
        self._start = {name: small_net(seed if same_weights else seed + i) for i, name in enumerate(models)}
        self._batches = draw_batches(sizes, self._start[self._first], seed)
        self._sizes = torch.tensor(sizes, dtype=torch.float64)
        self._facts: dict[str, Any] | None = None

    def run(self, loop: Callable, *arguments: str) -> Any:
        """Call the loop under test, keep what it did, and give what it returned.

        Args:
            loop: the loop under test.
            arguments: what it is called with, in order: the name of a model, "optimizer" (of several models
                "optimizer_" and the name), "loader", "criterion" or "device".

        Raises:
            KeyError: an argument has no such name.
            Exception: whatever the loop raises.
        """
        self._facts = recorded_run(
            loop,
            list(arguments),
            weights={name: dict(net.state_dict()) for name, net in self._start.items()},
            batches=self._batches,
            criterion=self.criterion,
            training=self.training,
            lr=self.lr,
        )
        return self._facts["returned"]

    def diary(self, model: str | None = None) -> list[str]:
        """What happened to a model, in order: "zero_grad", "forward", "backward", "step"."""
        return [event.kind for event in self._events() if event.who == self._name(model)]

    def mean_loss(self, model: str | None = None) -> float:
        """The mean loss per sample, before each batch's step, that a right loop gives."""
        return ((self._losses(model) * self._sizes).sum() / self._sizes.sum()).item()

    def check_mean_loss(self, came: Any, model: str | None = None) -> None:
        """Check that `came` is the mean loss per sample, before each batch's step."""
        likely = why_mean_loss(self._losses(model), self._sizes) | self._late_losses(model)
        likely |= {f"this is the loss of `{o}`": self.mean_loss(o) for o in self._start if o != self._name(model)}
        self._check_number(came, self.mean_loss(model), "the mean loss per sample", model, likely)

    def check_loss_before_step(self, came: Any, model: str | None = None) -> None:
        """Check that `came` is not the mean of losses that were measured with the weights after a step."""
        for cause, value in self._late_losses(model).items():
            if isinstance(came, (int, float, Tensor)) and abs(float(came) - value) < 1e-6:
                expected = f"{self.mean_loss(model):.6g}, of losses before each batch's step"
                self._fail("the mean loss per sample is another one", f"{float(came):.6g}", expected, cause)

    def check_moves(self) -> None:
        """Check that a forward pass and the use of labels were seen, and no operation on tensors of two devices."""
        self._passes(None)
        events = [event for event in self._events() if event.places]
        mixed = [event for event in events if len(set(event.places)) > 1]
        if mixed:
            operation = "conv2d" if mixed[0].kind == "forward" else mixed[0].who  # the network's first layer
            meet = "the images and the model's weights" if operation == "conv2d" else "the labels and the logits"
            self._fail(
                "two devices in one operation",
                f"{meet} are on different devices (in `{operation}`); with a GPU this is an error",
                "images and labels on the device of the model",
                "`.to(device)` is missing for one of them, or its result is not kept, or it is not the device that "
                "the function was given",
            )
        if not {"forward", "labels"} <= {event.kind for event in events}:
            self._fail(
                "the labels are never used",
                "no operation on the labels of a batch",
                "labels and logits on one device in an operation",
                "the labels are left out, or they do not come from the loader that the function was given",
            )

    def check_gradients_left_on(self, model: str | None = None) -> None:
        """Check that afterwards gradients are recorded, and none of the model's parameters is frozen."""
        frozen, cause = self._found("frozen")[self._name(model)], "is called and never taken back"
        if not self._found("grad_enabled"):
            came, expected = "torch.is_grad_enabled() is False after the call", "True, as before it"
            cause = f"`torch.set_grad_enabled(False)` {cause}"
            self._fail("gradients are switched off for everybody afterwards", came, expected, cause)
        if frozen:
            came, expected = f"{len(frozen)} parameters with requires_grad=False", "none, as before the call"
            self._fail(f"the model{_of(model)} is frozen", came, expected, f"`requires_grad_(False)` {cause}")

    def _reference(self, model: str | None) -> tuple[nn.Module, list[float]]:
        """The network after the loop, and each batch's loss, computed with ordinary tensors."""
        net, losses = copy.deepcopy(self._start[self._name(model)]), []
        for images, labels in self._batches:
            loss = self.criterion(net(images), labels)
            losses.append(loss.item())
            self._update(net, loss)
        return net, losses

    def _losses(self, model: str | None) -> Tensor:
        """Each batch's mean loss in a right loop, before its step."""
        return torch.tensor(self._reference(model)[1], dtype=torch.float64)

    def _late_losses(self, model: str | None) -> dict[str, float]:
        """The mean losses of loops that measure too late, by that mistake in words; none where the weights stay."""
        start = self._start[self._name(model)]
        net, own, weights = copy.deepcopy(start), [], self._sizes / self._sizes.sum()
        for images, labels in self._batches:
            self._update(net, self.criterion(net(images), labels))
            own.append(self.criterion(net(images), labels).item())
        end = [self.criterion(net(images), labels).item() for images, labels in self._batches]
        late = {
            "each batch's loss is measured after its step, with the new weights": own,
            "all losses are measured behind the loop, with the last weights": end,
        }
        moved = not torch.equal(_weights(net), _weights(start))
        return {cause: float(torch.tensor(losses).double() @ weights) for cause, losses in late.items() if moved}

    def _update(self, net: nn.Module, loss: Tensor) -> None:
        """What a loop does to the weights after each batch: an evaluation does nothing."""

    def _passes(self, model: str | None) -> list[Event]:
        """The model's forward passes, of which there must be one."""
        found = [event for event in self._events() if event.kind == "forward" and event.who == self._name(model)]
        if not found:
            self._fail(
                f"the model{_of(model)} is never called",
                "no forward pass",
                f"one for each of {len(self._batches)} batches",
                "the loop's body does not run, or another model is called than the one that the function was given",
            )
        return found

    def _events(self) -> list[Event]:
        return [Event(*entry) for entry in self._found("diary")]

    def _after(self, model: str | None) -> nn.Module:
        """The network as the loop left it."""
        return net_with(self._found("weights")[self._name(model)])

    def _found(self, fact: str) -> Any:
        if self._facts is None:
            raise RuntimeError("this trial has no loop to judge yet: call `trial.run` first")
        return self._facts[fact]

    def _name(self, model: str | None) -> str:
        return self._first if model is None else model

    def _check_number(self, came: Any, expected: float, what: str, model: str | None, likely: dict) -> None:
        check_close(came, expected, f"{self.function}: {what}{_of(model)}", likely=likely)

    def _fail(self, what: str, came: str, expected: str, cause: str) -> NoReturn:
        raise failure(f"{self.function}: {what}.", came, expected, cause)


class TrainingTrial(_Trial):
    """A trial for a training loop: one pass over the loader, a step of gradient descent for each batch.

    >>> from course_utils.checks import TrainingTrial
    >>> def train_one_epoch(model, loader, criterion, optimizer, device):  # a loop that forgets optimizer.step()
    ...     for images, labels in loader:
    ...         optimizer.zero_grad()
    ...         criterion(model(images.to(device)), labels.to(device)).backward()
    >>> trial = TrainingTrial("train_one_epoch")
    >>> trial.run(train_one_epoch, "model", "loader", "criterion", "optimizer", "device")
    >>> trial.check_weights()
    Traceback (most recent call last):
        ...
    course_utils.checks.errors.CheckError: train_one_epoch: the weights are wrong afterwards.
      came:     zero_grad, forward, backward, zero_grad, forward, backward, zero_grad, forward, backward
      expected: zero_grad, forward, backward, step for each batch, with the gradients of its mean loss
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
        after, expected = _weights(self._after(model)), _weights(self._reference(model)[0])
        if not torch.allclose(after, expected, rtol=1e-6, atol=1e-9):
            kinds = self.diary(model)
            came = ", ".join(kinds[:9]) + (", ..." if len(kinds) > 9 else "")
            cause = why_weights(kinds, len(self._batches))
            if not cause and torch.allclose(after, self._after_sums(model), rtol=1e-6, atol=1e-9):
                cause = "`backward()` must start at this batch's mean loss alone; here it starts at the sum"
            expected = "zero_grad, forward, backward, step for each batch, with the gradients of its mean loss"
            self._fail(f"the weights{_of(model)} are wrong afterwards", came, expected, cause)

    def _after_sums(self, model: str | None) -> Tensor:
        """The weights of a loop whose backward passes start at the sum over a batch."""
        net = copy.deepcopy(self._start[self._name(model)])
        for images, labels in self._batches:
            self._update(net, self.criterion(net(images), labels) * len(labels))
        return _weights(net)

    def check_no_graphs_kept(self, model: str | None = None) -> None:
        """Check that the graphs of earlier batches are let go: each holds the activations of a whole forward pass."""
        kept, passes = self._found("graphs")[self._name(model)], len(self._passes(model))
        if kept > max(3, passes // 2):
            cause = "losses are added up or collected with their graphs: use `loss.item()` or `loss.detach()`"
            came, expected = f"{kept} of {passes} at one time", "that of this batch, and perhaps of the one before"
            self._fail("the graphs of earlier batches are kept", came, expected, cause)

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
        kinds, batches = self.diary(model), len(self._batches)
        came = kinds.count(kind)
        if 0 < came == kinds.count("forward") < batches:  # as often as the batches that it saw
            too_few = f"only {came} of {batches} batches are used: perhaps `return` or `break` is inside the loop"
        if came != batches:
            what = f"`{kind}`{_of(model)} must happen once for each batch"
            self._fail(what, f"{came} in {batches} batches", str(batches), too_few if came < batches else too_many)


class EvaluationTrial(_Trial):
    """A trial for an evaluation loop: one pass over the loader that leaves no trace.

    >>> from course_utils.checks import EvaluationTrial
    >>> def evaluate(loader, model, device):  # a loop that forgets model.eval()
    ...     for images, labels in loader:
    ...         logits = model(images.to(device))
    >>> trial = EvaluationTrial("evaluate")
    >>> trial.run(evaluate, "loader", "model", "device")
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
        net = self._start[self._name(model)]
        logits, labels = [net(images).detach() for images, _ in self._batches], [labels for _, labels in self._batches]
        right = sum((given.argmax(1) == wanted).sum().item() for given, wanted in zip(logits, labels, strict=True))
        self._check_number(came, right / self._sizes.sum().item(), "the accuracy", model, why_accuracy(logits, labels))

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
        found = self._found("training")[self._name(model)]
        if found != self.training:
            came, expected = f"{_MODES[found]} mode", f"{_MODES[self.training]} mode, as before the call"
            cause = "remember `model.training` before the loop, and put it back behind it with `model.train(...)`"
            self._fail(f"the model{_of(model)} is left in another mode", came, expected, cause)

    def check_unchanged(self, model: str | None = None) -> None:
        """Check that the weights stay as they were."""
        same = torch.equal(_weights(self._after(model)), _weights(self._start[self._name(model)]))
        check_equal(same, True, f"{self.function}: whether the weights{_of(model)} stay as they were")


def _of(model: str | None) -> str:
    return f" of `{model}`" if model else ""


def _weights(net: nn.Module) -> Tensor:
    return parameters_to_vector(net.parameters()).detach()
