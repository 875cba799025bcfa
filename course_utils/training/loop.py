"""Train a network: the loop that the course teaches, at the speed of the hardware."""

import time
from contextlib import nullcontext
from pathlib import Path
from typing import Literal, NamedTuple

import torch
from torch import Tensor, nn

from course_utils.training.batches import images_and_labels
from course_utils.training.cuda_graph import IndexBatches, RecordedStep, records
from course_utils.training.cuda_recorder import CudaRecorder
from course_utils.training.distributed import Shard, join_processes, world_size
from course_utils.training.errors import TrainingError, check_loader, explain, learned_parameters
from course_utils.training.history import Epoch, History
from course_utils.training.loaders import TensorLoader
from course_utils.training.losses import CheckedLoss
from course_utils.training.metrics import Meter, NonFiniteLoss
from course_utils.training.modes import kept_in_evaluation, modes_kept, train_all_but
from course_utils.training.non_finite import explain_in_evaluation
from course_utils.training.optimizers import lay_out_state
from course_utils.training.precision import choose_form
from course_utils.training.run import (
    Batches,
    LossFunction,
    Run,
    check_numbers,
    check_run,
    choose_device,
    set_up,
    shared_out,
)
from course_utils.training.run_state import RunState
from course_utils.training.schedules import check_length, step_after_epoch


class Evaluation(NamedTuple):
    """Mean loss, and accuracy in [0, 1] (None where it was not measured: the labels are not class numbers).

    >>> from course_utils.training import Evaluation
    >>> loss, accuracy = Evaluation(loss=0.25, accuracy=0.9)  # `evaluate` returns one like it
    >>> f"{accuracy:.1%}"
    '90.0%'
    """

    loss: float
    accuracy: float | None


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
    mixed_precision: bool | None = None,
    channels_last: bool | None = None,
    compile: bool = False,
    cuda_graph: bool | None = None,
    progress: bool = True,
) -> History:
    """Train `model` on the batches of `train`, and measure it on `val` after each epoch.

    Each epoch trains in training mode. A layer that was put into evaluation mode before, inside a model that is itself
    in training mode, stays in it: ``model.train(); model.backbone.eval()`` freezes a backbone's batch normalisation and
    dropout. A model that is itself in evaluation mode is put into training mode with all its layers. Both go by the
    model's own `train`, which may leave parts out. Afterwards each layer has the mode that it had.

    Ctrl-C (in a notebook: interrupt the kernel) ends the run early: the history of the finished epochs is returned, and
    the model keeps the weights it has. Started by ``torchrun``, the processes share the
    work: see `course_utils.training.distributed`.

    >>> from torch import nn, optim, tensor
    >>> from course_utils.training import fit
    >>> model = nn.Linear(1, 1, bias=False)  # y = w * x
    >>> _ = nn.init.ones_(model.weight)  # w = 1
    >>> batch = tensor([[1.0]]), tensor([[3.0]])  # x = 1 is to give y = 3
    >>> sgd = optim.SGD(model.parameters(), lr=0.25)
    >>> history = fit(model, [batch], epochs=3, optimizer=sgd, loss_fn=nn.MSELoss(), device="cpu", progress=False)
    >>> history["train_loss"]  # w was 1, then 2, then 2.5
    [4.0, 1.0, 0.25]

    Args:
        model: takes images (N, C, H, W) and returns outputs, for classification (N, classes). It is moved to `device`.
            Several outputs, in a tuple or a dict, need a `loss_fn` that takes them.
        train, val: give (images, labels) anew in each epoch: a `TensorLoader`, a `DataLoader` or a list.
        epochs: how many epochs in all, those before a resumption included.
        optimizer: holds this model's parameters, perhaps also those of `loss_fn`. A new Adam, AdamW or SGD is switched
            to PyTorch's fused step.
        loss_fn: outputs and labels to the mean loss of the batch; of PyTorch's own also with reduction="sum".
        scheduler: any of torch.optim.lr_scheduler. ReduceLROnPlateau gets the validation loss, or with mode="max" the
            validation accuracy; without `val` those of training.
        scheduler_every: when it steps, after each "step" (batch) or each "epoch"; must be said.
        device: by default that of a `TensorLoader`, else `pick_device()`.
        clip_norm: scale the gradients of a step down to this norm where theirs is larger.
        patience: stop after so many epochs without a lower validation loss (training loss without `val`), and at the
            end give the model the weights of its best epoch.
        checkpoint: a file, written after each epoch.
        resume: go on from the checkpoint, if the file is there and was written by the same call. On the CPU the weights
            become the same to the bit as those of a run that was never interrupted. What differs is refused, as far
            as it can be seen: docs/training.md says what is kept. `epochs` and `patience` may be others.
        mixed_precision: compute in bfloat16 where it is safe; only on an NVIDIA GPU that has it. By default with the
            networks that it makes faster, see `course_utils.training.precision`; False for float32 in any case.
        channels_last: store images with the channels innermost where that is faster: on the CPU, and on a GPU together
            with bfloat16, or alone where the same rule finds that; False: never. On the CPU only if asked for: the
            model's `forward` must use `flatten` or `reshape`, not `view`.
        compile: translate the model with torch.compile first; pays in long runs, and needs a C++ compiler on the CPU.
        cuda_graph: record the step on an NVIDIA GPU and replay it, see `course_utils.training.cuda_graph`; by default
            where the run has steps enough and every step is the same.
        progress: show a bar (on standard output) with the latest loss: after the first step, then as it moves on.

    Returns:
        The `History`, with one `Epoch` for each finished epoch. What its figures are means of, `evaluate` says.

    Raises:
        ValueError, TypeError: an argument cannot work; the message says which and what to do.
        TrainingError: training cannot go on: NaN loss in training or validation, shapes or labels that disagree, out
            of memory, ...
    """
    device = choose_device(device, train)
    loaders = {"train": train, "val": val}
    check_run(model, optimizer, loss_fn, scheduler, scheduler_every, loaders, device)
    check_numbers(epochs, clip_norm, patience, checkpoint, resume)
    join_processes(device)
    history = History()
    options = {"clip_norm": clip_norm, "scheduler_every": scheduler_every}
    state = RunState(
        model, optimizer, scheduler, loss_fn, history, loaders, options, keep_best=patience is not None, path=checkpoint
    )
    if resume:
        state.read(epochs)
    check_length(scheduler, scheduler_every, epochs, len(history), train, state.saved_scheduler)
    set_up(model, loss_fn, optimizer, device)
    recorded = records(cuda_graph, model, device, train, epochs, compile)
    bfloat16, channels_last = choose_form(mixed_precision, channels_last, model, loss_fn, train, device, recorded)
    if channels_last:
        model.to(memory_format=torch.channels_last)
    state.load()
    lay_out_state(optimizer)
    network, batches = shared_out(model, train, loss_fn)
    if compile:
        network = torch.compile(network)
    checked_loss = CheckedLoss(loss_fn, train)
    learned = learned_parameters(model, loss_fn)
    frozen = kept_in_evaluation(model)

    def gradients(images: Tensor, labels: Tensor) -> tuple[Tensor, Tensor | None]:
        optimizer.zero_grad()
        with torch.autocast("cuda", torch.bfloat16) if bfloat16 else nullcontext():
            outputs = network(images)
            loss = checked_loss(outputs, labels)
        if isinstance(batches, Shard):
            batches.weigh(*checked_loss.share(outputs, labels), checked_loss.is_sum)
        loss.backward()
        if clip_norm is not None:
            nn.utils.clip_grad_norm_(learned, clip_norm)
        return loss.detach(), outputs.detach() if isinstance(outputs, Tensor) else None

    def step(images: Tensor, labels: Tensor) -> tuple[Tensor, Tensor | None]:
        results = gradients(images, labels)
        optimizer.step()
        return results

    close = None
    if recorded:
        by_index = type(train) is TensorLoader  # whose batches a recording can make itself
        batches = IndexBatches(train) if by_index else train
        step = RecordedStep(
            gradients,
            optimizer,
            [model, loss_fn],
            CudaRecorder(device),
            take=train.take_images if by_index else None,
            must=cuda_graph is True,
        )
        close = step.close

    with Run(model, optimizer, history, batches, epochs, device, progress, close) as run:
        for epoch in run.epochs(patience):
            started = time.perf_counter()
            train_all_but(model, frozen)
            meter = Meter(checked_loss.left_out)
            for images, labels in run.batches(meter):
                loss, outputs = step(images, labels)
                meter.add(loss, checked_loss.share(outputs, labels), outputs, labels)
                meter.check()
                if scheduler_every == "step":
                    scheduler.step()
            meter.check_all()
            learning_rate = run.learning_rate
            trained = Evaluation(*meter.result(device, f"epoch {epoch}"))
            tested = None if val is None else _measure(model, val, loss_fn, device, f"epoch {epoch}, validation")
            if scheduler_every == "epoch":
                step_after_epoch(scheduler, trained, tested)
            figures = *trained, *(tested or Evaluation(None, None))
            history.epochs.append(Epoch(epoch, *figures, learning_rate, time.perf_counter() - started))
            state.remember_best()
            state.write()
            run.show_last_epoch()
        state.restore_best()
    return history


def evaluate(
    model: nn.Module, loader: Batches, loss_fn: LossFunction, *, device: torch.device | str | None = None
) -> Evaluation:
    """Measure `model` on every batch of `loader`, in evaluation mode and without gradients.

    The mode of each layer is left as it was found. A loss that is a module is moved to `device` too. Under ``torchrun``
    every process must call it.

    >>> from torch import nn, tensor
    >>> from course_utils.training import evaluate
    >>> batch = tensor([[9.0, 0.0], [9.0, 0.0], [0.0, 9.0], [0.0, 9.0]]), tensor([0, 0, 1, 0])  # the last one is wrong
    >>> evaluate(nn.Identity(), [batch], nn.CrossEntropyLoss(), device="cpu").accuracy
    0.75

    Args:
        model: takes images (N, C, H, W) and returns outputs, for classification (N, classes). It is moved to `device`.
        loader: gives (images, labels).
        loss_fn: outputs and labels to the mean loss of the batch; of PyTorch's own also with reduction="sum".
        device: by default that of a `TensorLoader`, else `pick_device()`.

    Returns:
        The mean loss and the accuracy. A loss of PyTorch (a module, a function, a `functools.partial` of one) gives
        the mean that it gives on all data at once, whatever it weighs or leaves out; with reduction="sum", the sum
        divided by the number of samples. Any other counts as a mean over the len(labels) samples of each batch.
        The accuracy is the share of right answers among the labels that the loss does not leave out, also where each
        pixel has one; None where labels are no class numbers, or outputs no single tensor of scores for them.

    Raises:
        ValueError: the loader is empty or on another device, or no label counts.
        TypeError: a batch is no pair of tensors.
        TrainingError: the loss is NaN or infinite, shapes or labels disagree, out of memory, ...
    """
    device = choose_device(device, loader)
    check_loader(loader, "loader", device)
    return _measure(model, loader, loss_fn, device, "evaluation")


def _measure(model: nn.Module, loader: Batches, loss_fn: LossFunction, device: torch.device, place: str) -> Evaluation:
    """What `evaluate` returns; `place` is named in messages."""
    model.to(device)
    if isinstance(loss_fn, nn.Module):
        loss_fn.to(device)
    batches = Shard(loader, training=False) if world_size() > 1 else loader
    checked_loss = CheckedLoss(loss_fn, loader)
    images = labels = None
    with modes_kept(model), torch.no_grad():
        model.eval()
        meter = Meter(checked_loss.left_out)
        try:
            for batch in batches:
                images, labels = images_and_labels(batch, device)
                outputs = model(images)
                meter.add(checked_loss(outputs, labels), checked_loss.share(outputs, labels), outputs, labels)
                meter.check()
            meter.check_all()
        except NonFiniteLoss as error:
            raise TrainingError(explain_in_evaluation(error, place, model, loader, device)) from error
        except TrainingError as error:  # of the first look: it does not know at which data
            raise TrainingError(f"{place}: {error}") from error
        except Exception as error:
            message = explain(error, images, labels, place)
            if message is None:
                raise
            raise TrainingError(message) from error
        return Evaluation(*meter.result(device, place))
