"""Which arithmetic is the faster one on an NVIDIA GPU: float32, or bfloat16 with the channels innermost in memory.

The GPU multiplies faster in bfloat16, but casts before and after. A recorded step gains by it where the batch is large
and the work is in wide layers. It loses with small batches (0.70 to 0.89 of float32's speed with batches of 8), with
narrow layers, and in two of three networks whose convolutions read grey images (0.83 and 0.93 with batches of 256). So
the rule takes bfloat16 only for what resembles the networks that gained; each of them was 1.15 to 2.21 times as fast,
on an NVIDIA H200 with torch 2.11. The table is in benchmarks/RESULTS.md.
"""

import copy
from typing import NamedTuple

import torch
from torch import Tensor, nn

from course_utils.training.devices import has_bfloat16
from course_utils.training.errors import CheckedLoss
from course_utils.training.loaders import TensorLoader
from course_utils.training.randomness import random_state, restore_random_state

SMALLEST_BATCH = 64
WORK_PER_LAYER = 30_000_000  # multiply-adds in a batch, forward: 10 and 14 million gave 1.05 at most, 38 million 1.18
WIDE_SHARE = 0.75  # of all multiply-adds
_WIDE = 16  # channels or features in and out
_FEWEST_CHANNELS = 3  # that a convolution reads; grey images have one, and so has each filter of a depthwise one
_MEASURED = (nn.Conv2d, nn.Linear, nn.BatchNorm1d, nn.BatchNorm2d)


class Form(NamedTuple):
    """How `fit` computes.

    >>> from course_utils.training.precision import Form
    >>> Form(bfloat16=False, channels_last=True)
    Form(bfloat16=False, channels_last=True)
    """

    bfloat16: bool
    channels_last: bool


def choose_form(
    mixed_precision: bool | None,
    channels_last: bool | None,
    model: nn.Module,
    loss_fn: object,
    train: object,
    device: torch.device,
    recorded: bool,
) -> Form:
    """The form that was asked for, where it can be of use, or else the one that the rule finds.

    The rule is for recorded steps on a `TensorLoader`: bfloat16 and channels-last together, where `resembles_winners`
    says so and a copy of the model can take a step in them. Otherwise float32.

    Args:
        mixed_precision, channels_last: as `fit` has them; None is no wish.
        model: on `device`.
        loss_fn, train: those of the run.
        recorded: whether the step is to be recorded.
    """
    if device.type != "cuda":
        return Form(False, bool(channels_last) and device.type == "cpu")
    if not has_bfloat16(device):
        return Form(False, False)
    ruled = mixed_precision is None and channels_last is not False
    if ruled and recorded and type(train) is TensorLoader:
        return Form(*[pays_in_bfloat16(model, loss_fn, train)] * 2)
    return Form(bool(mixed_precision), bool(mixed_precision and channels_last))


def pays_in_bfloat16(model: nn.Module, loss_fn: object, train: TensorLoader) -> bool:
    """Whether the rule finds bfloat16 and channels-last the faster form, and they meet no error.

    A copy of the model is tried on one batch; the random generators are put back afterwards.
    """
    state = random_state()
    try:
        trial, loss = copy.deepcopy(model).train(), CheckedLoss(copy.deepcopy(loss_fn), train)
        indices = torch.arange(min(train.batch_size, len(train.images)), device=train.device)
        images, labels = train.take(indices)
        if not resembles_winners(trial, images):
            return False
        trial.to(memory_format=torch.channels_last)
        with torch.autocast(images.device.type, torch.bfloat16):
            value = loss(trial(images), labels)
        value.backward()
        return True
    except Exception:  # of the model's own code, which `fit` meets and explains if float32 has it too
        return False
    finally:
        restore_random_state(state)


def resembles_winners(model: nn.Module, images: Tensor) -> bool:
    """Whether the model, with batches like this one, is of the kind that bfloat16 and channels-last made faster.

    Weights only in convolutions that read three channels or more, linear layers and batch normalisations; batches of
    `SMALLEST_BATCH` or more; wide layers that do `WORK_PER_LAYER` multiply-adds for every convolution and linear
    layer of the network, and `WIDE_SHARE` of all.
    """
    owners = [layer for layer in model.modules() if list(layer.parameters(recurse=False))]
    convolutions = [layer for layer in owners if isinstance(layer, nn.Conv2d)]
    if not all(isinstance(layer, _MEASURED) for layer in owners) or len(images) < SMALLEST_BATCH:
        return False
    if any(layer.weight.shape[1] < _FEWEST_CHANNELS for layer in convolutions):
        return False
    work = count_work(model, images)
    return work.wide >= WORK_PER_LAYER * work.layers and work.wide >= WIDE_SHARE * work.all


class Work(NamedTuple):
    """What the convolutions and linear layers of a network do in a batch, forward.

    >>> from course_utils.training.precision import Work
    >>> Work(layers=2, all=1000, wide=900)
    Work(layers=2, all=1000, wide=900)
    """

    layers: int
    all: int  # multiply-adds
    wide: int  # those of the layers with at least 16 channels or features in and out


def count_work(model: nn.Module, images: Tensor) -> Work:
    """Count by running the model once, without gradients; tensors without numbers (device "meta") will do.

    >>> import torch
    >>> from torch import nn
    >>> from course_utils.training.precision import count_work
    >>> model = nn.Sequential(nn.Conv2d(3, 16, 3), nn.Conv2d(16, 32, 3))  # the first one is narrow
    >>> first, second = (16 * 3 * 3 * 3) * (4 * 4), (32 * 16 * 3 * 3) * (2 * 2)
    >>> count_work(model, torch.zeros(1, 3, 6, 6)) == (2, first + second, second)
    True

    Args:
        images: (N, C, H, W).
    """
    every, wide = [], []

    def count(layer: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        every.append(layer.weight[0].numel() * output.numel())
        if min(layer.weight.shape[:2]) >= _WIDE:
            wide.append(every[-1])

    layers = [layer for layer in model.modules() if isinstance(layer, (nn.Conv2d, nn.Linear))]
    hooks = [layer.register_forward_hook(count) for layer in layers]
    try:
        with torch.no_grad():
            model(images)
    finally:
        for hook in hooks:
            hook.remove()
    return Work(len(every), sum(every), sum(wide))
