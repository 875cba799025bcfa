"""Which form is the faster one on an NVIDIA GPU: float32, with the channels innermost in memory or not, or bfloat16.

The GPU multiplies faster in bfloat16, but casts before and after. A recorded step gains by it where the batch is large
and the work is in wide layers. It loses with small batches (0.70 to 0.89 of float32's speed with batches of 8), with
narrow layers, and in two of three networks whose convolutions read grey images (0.83 and 0.93 with batches of 256). So
the rule takes bfloat16, with channels-last, only for what resembles the networks that gained; each of them was 1.15 to
2.21 times as fast, on an NVIDIA H200 with torch 2.11. The two wide networks for grey images gain by channels-last
alone, in float32: 1.08 to 1.53. The table is in benchmarks/RESULTS.md.
"""

import copy
from typing import NamedTuple

import torch
from torch import Tensor, nn

from course_utils.training.devices import has_bfloat16
from course_utils.training.loaders import TensorLoader
from course_utils.training.losses import CheckedLoss
from course_utils.training.modes import kept_in_evaluation, train_all_but
from course_utils.training.randomness import random_state, restore_random_state

SMALLEST_BATCH = 64
WORK_PER_LAYER = 30_000_000  # multiply-adds in a batch, forward: 10 and 14 million gave 1.05 at most, 38 million 1.18
WORK_PER_LAYER_GREY = 60_000_000  # for channels-last alone: 77 million gave 1.51, but in colour 38 million only 0.97
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


FLOAT32 = Form(bfloat16=False, channels_last=False)
CHANNELS_LAST = Form(bfloat16=False, channels_last=True)
BOTH = Form(bfloat16=True, channels_last=True)


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

    The rule is for recorded steps on a `TensorLoader`: the form that `form_of_the_like` names, where a copy of the
    model can take a step in it. Otherwise float32.

    Args:
        mixed_precision, channels_last: as `fit` has them; None is no wish.
        model: on `device`.
        loss_fn, train: those of the run.
        recorded: whether the step is to be recorded.
    """
    if device.type != "cuda":
        return Form(False, bool(channels_last) and device.type == "cpu")
    if not has_bfloat16(device):
        return FLOAT32
    ruled = mixed_precision is None and channels_last is not False
    if ruled and recorded and type(train) is TensorLoader:
        return find_form(model, loss_fn, train)
    return Form(bool(mixed_precision), bool(mixed_precision and channels_last))


def find_form(model: nn.Module, loss_fn: object, train: TensorLoader) -> Form:
    """The form that the rule finds the faster one, or float32 where that form meets an error.

    A copy of the model is tried on one batch; the random generators are put back afterwards.
    """
    state = random_state()
    try:
        trial, loss = copy.deepcopy(model), CheckedLoss(copy.deepcopy(loss_fn), train)
        train_all_but(trial, kept_in_evaluation(trial))
        indices = torch.arange(min(train.batch_size, len(train.images)), device=train.device)
        images, labels = train.take(indices)
        form = form_of_the_like(trial, images)
        if form == FLOAT32:
            return form
        trial.to(memory_format=torch.channels_last)
        with torch.autocast(images.device.type, torch.bfloat16, enabled=form.bfloat16):
            value = loss(trial(images), labels)
        value.backward()
        return form
    except Exception:  # of the model's own code, which `fit` meets and explains if float32 has it too
        return FLOAT32
    finally:
        restore_random_state(state)


def form_of_the_like(model: nn.Module, images: Tensor) -> Form:
    """The form that made networks like this one faster, with batches like this one; float32 where none did.

    `BOTH`: weights only in convolutions that read three channels or more, linear layers and batch normalisations;
    batches of `SMALLEST_BATCH` or more; wide layers that do `WORK_PER_LAYER` multiply-adds for every convolution and
    linear layer of the network, and `WIDE_SHARE` of all.

    `CHANNELS_LAST`: the same, but the first convolution, and no other, reads one channel; its like has to do
    `WORK_PER_LAYER_GREY`, and the wide layers are convolutions: the order of the channels does nothing for linear ones.
    """
    owners = [layer for layer in model.modules() if list(layer.parameters(recurse=False))]
    convolutions = [layer for layer in owners if isinstance(layer, nn.Conv2d)]
    if not all(isinstance(layer, _MEASURED) for layer in owners) or len(images) < SMALLEST_BATCH:
        return FLOAT32
    work = count_work(model, images)
    read_few = [layer for layer in convolutions if layer.weight.shape[1] < _FEWEST_CHANNELS]
    if not read_few:
        form, wide, enough = BOTH, work.wide, WORK_PER_LAYER
    elif read_few == convolutions[:1] and read_few[0].in_channels == 1:
        form, wide, enough = CHANNELS_LAST, work.wide_convolutions, WORK_PER_LAYER_GREY
    else:
        return FLOAT32
    return form if wide >= enough * work.layers and wide >= WIDE_SHARE * work.all else FLOAT32


class Work(NamedTuple):
    """What the convolutions and linear layers of a network do in a batch, forward.

    >>> from course_utils.training.precision import Work
    >>> Work(layers=2, all=1000, wide=900, wide_convolutions=700)
    Work(layers=2, all=1000, wide=900, wide_convolutions=700)
    """

    layers: int
    all: int  # multiply-adds
    wide: int  # those of the layers with at least 16 channels or features in and out
    wide_convolutions: int  # those of the convolutions among them


def count_work(model: nn.Module, images: Tensor) -> Work:
    """Count by running the model once, without gradients; tensors without numbers (device "meta") will do.

    >>> import torch
    >>> from torch import nn
    >>> from course_utils.training.precision import count_work
    >>> model = nn.Sequential(nn.Conv2d(3, 16, 3), nn.Conv2d(16, 32, 3))  # the first one is narrow
    >>> first, second = (16 * 3 * 3 * 3) * (4 * 4), (32 * 16 * 3 * 3) * (2 * 2)
    >>> count_work(model, torch.zeros(1, 3, 6, 6)) == (2, first + second, second, second)
    True

    Args:
        images: (N, C, H, W).
    """
    every, wide, wide_convolutions = [], [], []

    def count(layer: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        every.append(layer.weight[0].numel() * output.numel())
        if min(layer.weight.shape[:2]) >= _WIDE:
            wide.append(every[-1])
            if isinstance(layer, nn.Conv2d):
                wide_convolutions.append(every[-1])

    layers = [layer for layer in model.modules() if isinstance(layer, (nn.Conv2d, nn.Linear))]
    hooks = [layer.register_forward_hook(count) for layer in layers]
    try:
        with torch.no_grad():
            model(images)
    finally:
        for hook in hooks:
            hook.remove()
    return Work(len(every), sum(every), sum(wide), sum(wide_convolutions))
