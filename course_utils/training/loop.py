"""Train a network: the loop that the course teaches, at the speed of the hardware."""

import math
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Literal, NamedTuple

import torch
from torch import Tensor, nn
from tqdm import tqdm

from course_utils.training.checkpoints import read_checkpoint, write_checkpoint
from course_utils.training.cuda_graph import RecordedStep
from course_utils.training.devices import has_bfloat16, pick_device
from course_utils.training.distributed import Shard, from_first_process, join_processes, parallel, rank, world_size
from course_utils.training.errors import (
    CheckedLoss,
    TrainingError,
    check_loader,
    check_parameters,
    check_scheduler,
    explain,
)
from course_utils.training.history import Epoch, History
from course_utils.training.loaders import TensorLoader
from course_utils.training.metrics import Meter
from course_utils.training.optimizers import lay_out_state, use_fused_step
from course_utils.training.run_state import RunState

Batches = Iterable[tuple[Tensor, Tensor]]
LossFunction = Callable[[Tensor, Tensor], Tensor]


class Evaluation(NamedTuple):
    """Mean loss per sample, and accuracy in [0, 1] (NaN where the labels are not class numbers)."""

    loss: float
    accuracy: float


def fit(
    model: nn.Module,
    train: Batches,
    val: Batches | None = None,
    *,
    epochs: int,
    optimizer: torch.optim.Optimizer,
    loss_fn: LossFunction,
    scheduler: torch.optim.lr_scheduler.LRScheduler | None = None,
    scheduler_every: Literal["step", "epoch"] | None = None,
    device: torch.device | str | None = None,
    clip_norm: float | None = None,
    patience: int | None = None,
    checkpoint: str | Path | None = None,
    resume: bool = False,
    mixed_precision: bool = True,
    channels_last: bool = False,
    compile: bool = False,
    cuda_graph: bool = False,
    progress: bool = True,
) -> History:
    """Train `model` on the batches of `train`, and measure it on `val` after each epoch.

    Ctrl-C (in a notebook: interrupt the kernel) ends the run early: the history of the finished epochs is returned, and
    the model keeps the weights it has. Started by ``torchrun``, the processes share the
    work: see `course_utils.training.distributed`.

    Args:
        model: takes images (N, C, H, W) and returns outputs, for classification (N, classes). It is moved to `device`.
        train, val: give (images, labels) anew in each epoch: a `TensorLoader`, a `DataLoader` or a list.
        epochs: how many epochs in all, those before a resumption included.
        optimizer: holds this model's parameters. A new Adam, AdamW or SGD is switched to PyTorch's fused step.
        loss_fn: outputs and labels to the mean loss of the batch.
        scheduler: any of torch.optim.lr_scheduler; ReduceLROnPlateau gets the validation loss.
        scheduler_every: when it steps, after each "step" (batch) or each "epoch"; must be said.
        device: by default that of a `TensorLoader`, else `pick_device()`.
        clip_norm: scale the gradients of a step down to this norm where theirs is larger.
        patience: stop after so many epochs without a lower validation loss (training loss without `val`), and at the
            end give the model the weights of its best epoch.
        checkpoint: a file, written after each epoch.
        resume: go on from the checkpoint, if the file is there. On the CPU the weights become the same to the
            bit as those of a run that was never interrupted.
        mixed_precision: compute in bfloat16 where it is safe; only on an NVIDIA GPU that has it.
        channels_last: store images with the channels innermost, which GPUs and most wide networks on the CPU compute
            faster with. The model's `forward` must then use `flatten` or `reshape`, not `view`.
        compile: translate the model with torch.compile first; pays in long runs, and needs a C++ compiler on the CPU.
        cuda_graph: record the step on an NVIDIA GPU and replay it, see `course_utils.training.cuda_graph`.
        progress: show a bar (on standard output).

    Returns:
        The `History`, with one `Epoch` for each finished epoch.

    Raises:
        ValueError, TypeError: an argument cannot work; the message says which and what to do.
        TrainingError: training cannot go on: NaN loss, shapes or labels that disagree, out of memory, ...
    """
    device = _choose_device(device, train)
    check_parameters(model, optimizer)
    check_scheduler(scheduler, scheduler_every, optimizer)
    _check_numbers(epochs=epochs, clip_norm=clip_norm, patience=patience)
    if resume and checkpoint is None:
        raise ValueError("resume=True needs to know the file: give checkpoint='...' too")
    for loader, name in ((train, "train"), (val, "val")):
        if loader is not None:
            check_loader(loader, name, device)

    join_processes(device)
    model.to(device)
    if isinstance(loss_fn, nn.Module):
        loss_fn.to(device)
    if channels_last:
        model.to(memory_format=torch.channels_last)
    use_fused_step(optimizer)
    history = History()
    loaders = [train] if val is None else [train, val]
    run = RunState(model, optimizer, scheduler, history, loaders, keep_best=patience is not None)
    if resume:
        found = rank() == 0 and Path(checkpoint).exists()
        saved = from_first_process(read_checkpoint(checkpoint) if found else None)
        if saved is not None:
            run.load_state(saved, checkpoint)
    lay_out_state(optimizer)
    network, batches = model, train
    if world_size() > 1:
        batches = Shard(train, training=True)
        network = parallel(model, batches)
    if compile:
        network = torch.compile(network)
    bfloat16 = mixed_precision and has_bfloat16(device)
    checked_loss = CheckedLoss(loss_fn, train)
    images, labels, epoch = None, None, len(history)  # named in messages

    def step(images: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
        optimizer.zero_grad()
        with torch.autocast("cuda", torch.bfloat16) if bfloat16 else nullcontext():
            outputs = network(images)
            loss = checked_loss(outputs, labels)
        loss.backward()
        if clip_norm is not None:
            nn.utils.clip_grad_norm_(model.parameters(), clip_norm)
        optimizer.step()
        return loss, outputs

    if cuda_graph and device.type == "cuda" and world_size() == 1:
        step = RecordedStep(step, optimizer, device)

    with _modes_kept(model), _progress_bar(epochs, len(history), batches, progress) as bar:
        try:
            for epoch in range(len(history) + 1, epochs + 1):
                if _out_of_patience(history, patience):
                    break
                started = time.perf_counter()
                model.train()
                meter = Meter()
                for images, labels in batches:
                    images, labels = _move(images, device), _move(labels, device)
                    loss, outputs = step(images, labels)
                    meter.add(loss, outputs, labels)
                    meter.check()
                    if scheduler_every == "step":
                        scheduler.step()
                    bar.update()
                meter.check_all()
                learning_rate = float(optimizer.param_groups[0]["lr"])
                train_loss, train_accuracy = meter.result(device)
                val_loss, val_accuracy = math.nan, math.nan
                if val is not None:
                    val_loss, val_accuracy = evaluate(model, val, loss_fn, device=device)
                if scheduler_every == "epoch":
                    _step_after_epoch(scheduler, train_loss if val is None else val_loss)
                seconds = time.perf_counter() - started
                history.epochs.append(
                    Epoch(epoch, train_loss, train_accuracy, val_loss, val_accuracy, learning_rate, seconds)
                )
                run.remember_best()
                if checkpoint is not None and rank() == 0:
                    write_checkpoint(checkpoint, run.state())
                bar.set_postfix_str(_summary(history.epochs[-1]))
            history.stopped = "early" if len(history) < epochs else "finished"
            run.restore_best()
        except KeyboardInterrupt:
            if world_size() > 1:
                raise
            history.stopped = "interrupted"
            bar.write(
                f"Interrupted: {len(history)} of {epochs} epochs are in the history; the model keeps its weights."
            )
        except Exception as error:
            rate = float(optimizer.param_groups[0]["lr"])
            message = explain(error, images, labels, f"epoch {epoch}", rate)
            if message is None:
                raise
            raise TrainingError(message) from error
        finally:
            if isinstance(step, RecordedStep):
                step.close()
    return history


def evaluate(
    model: nn.Module, loader: Batches, loss_fn: LossFunction, *, device: torch.device | str | None = None
) -> Evaluation:
    """Measure `model` on every batch of `loader`, in evaluation mode and without gradients.

    The mode of each layer is left as it was found. Under ``torchrun`` every process must call it.

    Args:
        model: takes images (N, C, H, W) and returns outputs, for classification (N, classes). It is moved to `device`.
        loader: gives (images, labels).
        loss_fn: outputs and labels to the mean loss of the batch.
        device: by default that of a `TensorLoader`, else `pick_device()`.

    Returns:
        The mean loss per sample, a smaller last batch weighing what it holds, and the accuracy.

    Raises:
        ValueError: the loader is empty or on another device.
        TrainingError: shapes or labels disagree, out of memory, ...
    """
    device = _choose_device(device, loader)
    check_loader(loader, "loader", device)
    model.to(device)
    batches = Shard(loader, training=False) if world_size() > 1 else loader
    checked_loss = CheckedLoss(loss_fn, loader)
    images = labels = None
    with _modes_kept(model), torch.no_grad():
        model.eval()
        meter = Meter()
        try:
            for images, labels in batches:
                images, labels = _move(images, device), _move(labels, device)
                outputs = model(images)
                meter.add(checked_loss(outputs, labels), outputs, labels)
        except Exception as error:
            message = explain(error, images, labels, "evaluation")
            if message is None:
                raise
            raise TrainingError(message) from error
        return Evaluation(*meter.result(device))


def _choose_device(device: torch.device | str | None, loader: Batches) -> torch.device:
    if device is not None:
        return torch.device(device)
    return loader.device if isinstance(loader, TensorLoader) else pick_device()


def _check_numbers(epochs: int, clip_norm: float | None, patience: int | None) -> None:
    for name, value in (("epochs", epochs), ("patience", patience)):
        if value is None and name == "patience":
            continue
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise ValueError(f"{name} is {value!r}; expected a whole number of at least 1")
    if clip_norm is not None and not clip_norm > 0:
        raise ValueError(f"clip_norm is {clip_norm!r}; expected a number above 0, or None for no clipping")


def _move(values: Tensor, device: torch.device) -> Tensor:
    if not isinstance(values, Tensor):
        raise TypeError(f"a batch must be a pair of tensors (images, labels); one of them is a {type(values).__name__}")
    return values.to(device, non_blocking=True)


@contextmanager
def _modes_kept(model: nn.Module) -> Iterator[None]:
    """Give every layer the mode (training or evaluation) back that it had."""
    modes = [(layer, layer.training) for layer in model.modules()]
    try:
        yield
    finally:
        for layer, training in modes:
            layer.training = training


def _step_after_epoch(scheduler: torch.optim.lr_scheduler.LRScheduler, loss: float) -> None:
    if isinstance(scheduler, torch.optim.lr_scheduler.ReduceLROnPlateau):
        scheduler.step(loss)
    else:
        scheduler.step()


def _out_of_patience(history: History, patience: int | None) -> bool:
    return patience is not None and len(history) > 0 and len(history) - (history.best_epoch or 0) >= patience


def _progress_bar(epochs: int, done: int, batches: Batches, show: bool) -> tqdm:
    """A bar over all steps of the run. On standard output: a graded cell that writes to standard error loses marks."""
    steps = len(batches) if hasattr(batches, "__len__") else None
    return tqdm(
        total=None if steps is None else steps * epochs,
        initial=0 if steps is None else steps * done,
        unit="step",
        file=sys.stdout,
        disable=not show or rank() > 0,
    )


def _summary(epoch: Epoch) -> str:
    text = f"epoch {epoch.epoch}: loss {epoch.train_loss:.3f}"
    if not math.isnan(epoch.val_loss):
        text += f", val loss {epoch.val_loss:.3f}"
    if not math.isnan(epoch.val_accuracy):
        text += f", val accuracy {epoch.val_accuracy:.1%}"
    return text
