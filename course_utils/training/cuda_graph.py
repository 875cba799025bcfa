"""A training step recorded once on an NVIDIA GPU and replayed.

The CPU then starts one graph instead of some hundred kernels. Small networks, as those of the course, train several
times as fast so. What is Python in a step (a `print`, an `if`) runs while it is recorded and never again; so `fit`
records by itself only what `records` and `RecordedStep` find to be the same in every step.

Source: https://docs.pytorch.org/docs/stable/notes/cuda.html#cuda-graphs
"""

from __future__ import annotations

import random
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from course_utils.training.batches import count_batches
from course_utils.training.cuda_recorder import Recorder, Results
from course_utils.training.distributed import world_size
from course_utils.training.errors import TrainingError
from course_utils.training.loaders import TensorLoader
from course_utils.training.randomness import random_state, restore_random_state

FEWEST_STEPS = 30  # a recording takes about as long as a dozen ordinary steps
_WARM_UP = 3  # ordinary steps before the recording, so that libraries and optimizer have allocated what they keep


def records(
    asked: bool | None, model: nn.Module, device: torch.device, batches: object, epochs: int, compiled: bool
) -> bool:
    """Whether `fit` is to record its step: an NVIDIA GPU, one process, and asked for, or of use.

    It is of use where there are steps enough (or nobody knows how many), no hook of a layer is to run, and the model
    was not compiled, which brings recordings of its own.
    """
    if asked is False or device.type != "cuda" or world_size() > 1:
        return False
    hooks = ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks")
    hooked = any(getattr(layer, name, None) for layer in model.modules() for name in hooks)
    steps = count_batches(batches)
    enough = steps is None or steps * epochs >= FEWEST_STEPS
    return asked is True or (enough and not hooked and not compiled)


class IndexBatches:
    """The batches of a `TensorLoader` as (indices, labels), for a recorded step that makes the images itself."""

    def __init__(self, loader: TensorLoader):
        self.loader = loader
        self.drawn: tuple[int, Tensor] | None = None  # an epoch, counted from 0, and its order

    def __len__(self) -> int:
        """Batches in an epoch."""
        return len(self.loader)

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        """The next epoch. The order of the one after it is drawn before the last batch, while the GPU has work."""
        loader, size = self.loader, self.loader.batch_size
        epoch = loader.epoch
        order = self.drawn[1] if self.drawn and self.drawn[0] == epoch else loader.order_of(epoch)
        loader.epoch += 1
        labels = loader.labels.index_select(0, order)
        for number in range(len(self)):
            if number == len(self) - 1:
                self.drawn = epoch + 1, loader.order_of(epoch + 1)
            part = slice(number * size, (number + 1) * size)
            yield order[part], labels[part]

    def images_like(self, indices: Tensor) -> Tensor:
        """As many images as a batch has, to describe it in a message."""
        return self.loader.images[: len(indices)]


class _Recording(NamedTuple):
    replay: Callable[[], None]
    batch: list[Tensor]  # what a replay reads
    results: Results  # what it writes
    gradients: list[Tensor | None]  # of every parameter; written too


class RecordedStep:
    """Do a training step by replay where the batch has the shapes of the first one.

    Every call is one real step: the first ones run as they are, then one is recorded and replayed. A batch of other
    shapes (the last, partial one) runs as it is. The learning rate may change between steps: a replay reads it from a
    tensor. Once another setting changes (OneCycleLR moves the momentum), or where the optimizer is not a fused
    one, only forward and backward are replayed, and the optimizer steps as usual.

    Args:
        gradients: takes images and labels, fills the gradients, returns loss and outputs, without their graph.
        optimizer: steps after it.
        objects: the model and the loss function, whose plain attributes must stay the same from step to step.
        recorder: what records.
        take: if given, the step is called with indices and makes the images of them, in the recording too.
        must: raise where a step cannot be recorded; otherwise steps then run as they are.

    Raises:
        TrainingError: `must`, and the step waits for the GPU, or changes something on the CPU.
    """

    def __init__(
        self,
        gradients: Callable[..., Results],
        optimizer: Optimizer,
        objects: list[object],
        recorder: Recorder,
        take: Callable[[Tensor], Tensor] | None = None,
        must: bool = False,
    ):
        self.gradients, self.optimizer, self.objects = gradients, optimizer, objects
        self.recorder, self.take, self.must = recorder, take, must
        self.parameters = [p for group in optimizer.param_groups for p in group["params"]]
        self.shapes = None
        self.warm_ups = 0
        self.refused = False
        self.recording: _Recording | None = None
        self.whole = _has_recordable_step(optimizer)  # whether the optimizer's step is in the recording
        self.settings = _settings(optimizer)
        self.rates: list[Tensor] = []  # the learning rate of each group, which a replay reads
        self.last_rates: list[float] = []

    def __call__(self, images: Tensor, labels: Tensor) -> Results:
        """One training step on a batch, or, with `take`, on the images at these indices: loss () and outputs."""
        batch = [images, labels]
        if self.whole and _settings(self.optimizer) != self.settings:
            self.whole, self.recording = False, None
        shapes = [part.shape for part in batch]
        if self.shapes is None:
            self.shapes = shapes
        if self.refused or shapes != self.shapes:
            return self._ordinary(batch)
        if self.warm_ups < _WARM_UP:
            return self._warm_up(batch)
        if self.recording is None:
            try:
                self.recording = self._record(batch)
            except RuntimeError as error:
                return self._give_up(error, batch)
        return self._replay(batch)

    def close(self) -> None:
        """Let go of the recording and its memory; each parameter keeps its last gradient."""
        if self.recording is not None:
            self.recording = None
            for parameter in self.parameters:
                if parameter.grad is not None:
                    parameter.grad = parameter.grad.clone()

    def _fill_gradients(self, batch: list[Tensor]) -> Results:
        images, labels = batch
        return self.gradients(images if self.take is None else self.take(images), labels)

    def _ordinary(self, batch: list[Tensor]) -> Results:
        results = self._fill_gradients(batch)
        self.optimizer.step()
        return results

    def _warm_up(self, batch: list[Tensor]) -> Results:
        """An ordinary step; from the second on with a watch over what a recording would lose."""
        self.warm_ups += 1
        with self.recorder.warm_up():
            if self.warm_ups == 1:  # it sets libraries up, and looks at the labels
                return self._ordinary(batch)
            before, draws, buffers = _state_on_cpu(self.objects), random_state(), _copies_of_buffers(self.objects)
            try:
                with self.recorder.no_waiting():
                    results = self._fill_gradients(batch)
            except RuntimeError as error:  # halfway through: the step is done over, with the same draws
                restore_random_state(draws)
                for buffer, value in buffers:
                    buffer.copy_(value)
                return self._give_up(error, batch)
            self.optimizer.step()
            if _state_on_cpu(self.objects) != before:
                self._refuse(RuntimeError("it changes an attribute, or draws random numbers on the CPU"))
            return results

    def _give_up(self, error: RuntimeError, batch: list[Tensor]) -> Results:
        """An ordinary step. Where it fails too, its own error is what the reader needs."""
        traceback.clear_frames(error.__traceback__)  # they hold the broken step's graph, which is on another stream
        results = self._ordinary(batch)
        self._refuse(error)
        return results

    def _refuse(self, error: RuntimeError) -> None:
        if self.must:
            reason = str(error).splitlines()[0]
            raise TrainingError(f"the step cannot be recorded: {reason}. Leave cuda_graph=True out") from error
        self.refused = True

    def _record(self, batch: list[Tensor]) -> _Recording:
        """Record the step; nothing is computed yet."""
        inputs = [part.clone() for part in batch]
        self.last_rates = [group["lr"] for group in self.optimizer.param_groups] if self.whole else []
        self.rates = [torch.tensor(rate, device=batch[0].device) for rate in self.last_rates]

        def work() -> Results:
            results = self._fill_gradients(inputs)
            if self.whole:
                with _settings_for_recording(self.optimizer, self.rates):
                    self.optimizer.step()
            return results

        replay, results = self.recorder.record(work)
        return _Recording(replay, inputs, results, [p.grad for p in self.parameters])

    def _replay(self, batch: list[Tensor]) -> Results:
        recording = self.recording
        torch._foreach_copy_(recording.batch, batch)  # indices and labels by one kernel
        for i, (rate, last) in enumerate(zip(self.rates, self.last_rates, strict=True)):
            now = self.optimizer.param_groups[i]["lr"]
            if now != last:
                rate.fill_(now)
                self.last_rates[i] = now
        recording.replay()
        for parameter, gradient in zip(self.parameters, recording.gradients, strict=True):
            parameter.grad = gradient
        if not self.whole:
            self.optimizer.step()
        loss, outputs = recording.results
        if outputs is None:
            return loss.clone(), None
        kept = torch.cat([loss.view(1), outputs.flatten()])  # one copy of both: the next replay writes over them
        return kept[0], kept[1:].view_as(outputs)


def _has_recordable_step(optimizer: Optimizer) -> bool:
    """Whether the optimizer's step is nothing but fused arithmetic with a learning rate that is a number."""
    groups = optimizer.param_groups
    hooked = optimizer._optimizer_step_pre_hooks or optimizer._optimizer_step_post_hooks
    return not hooked and all(group.get("fused") and not isinstance(group["lr"], Tensor) for group in groups)


def _settings(optimizer: Optimizer) -> list[dict]:
    """What a recording keeps as it is: every setting of the optimizer but the learning rate."""
    return [
        {name: value for name, value in group.items() if name not in ("params", "lr")}
        for group in optimizer.param_groups
    ]


@contextmanager
def _settings_for_recording(optimizer: Optimizer, rates: list[Tensor]) -> Iterator[None]:
    """The learning rates as tensors, and the step told that it is recorded; afterwards as before."""
    before = [dict(group) for group in optimizer.param_groups]
    try:
        for group, rate in zip(optimizer.param_groups, rates, strict=True):
            group["lr"] = rate
            if "capturable" in group:
                group["capturable"] = True
        yield
    finally:
        for group, old in zip(optimizer.param_groups, before, strict=True):
            group.update(old)


def _copies_of_buffers(objects: list[object]) -> list[tuple[Tensor, Tensor]]:
    """The buffers of models and losses, as batch normalisation's statistics, each with a copy."""
    return [(b, b.clone()) for one in objects if isinstance(one, nn.Module) for b in one.buffers()]


def _state_on_cpu(objects: list[object]) -> list:
    """What a step may not change: the CPU's random generators, and the plain attributes of models and losses."""
    parts = [part for one in objects for part in (one.modules() if isinstance(one, nn.Module) else [one])]
    attributes = [
        (name, len(value) if isinstance(value, (list, dict, set)) else value)
        for part in parts
        for name, value in getattr(part, "__dict__", {}).items()
        if isinstance(value, (bool, int, float, str, list, dict, set))
    ]
    _, numpy_state, *numpy_position = np.random.get_state()
    return [random.getstate(), numpy_state.tobytes(), numpy_position, bytes(torch.get_rng_state().numpy()), attributes]
