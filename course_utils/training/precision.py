"""Which arithmetic is the faster one on an NVIDIA GPU: float32, or bfloat16 with the channels innermost in memory.

The GPU multiplies faster in bfloat16, but casts before and after. A recorded step gains by it where much of the work
is in wide layers. Speeds beside float32, recorded, on an NVIDIA H200 with torch 2.11: the network of unit 04, which has
no wide layer, 0.85 with batches of 64 and 0.93 with 256; 42 million wide multiply-adds in a step 1.00, 151 million
1.18; all that had more 1.19 to 2.21. The table is in benchmarks/RESULTS.md.
"""

import copy
from typing import NamedTuple

import torch
from torch import Tensor, nn

from course_utils.training.devices import has_bfloat16
from course_utils.training.errors import CheckedLoss
from course_utils.training.loaders import TensorLoader
from course_utils.training.randomness import random_state, restore_random_state

MUCH_WORK = 100_000_000  # multiply-adds of a step in wide layers, forward
_WIDE = 16  # channels or features in and out


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

    The rule is for recorded steps on a `TensorLoader`: bfloat16 and channels-last together, where the wide layers do
    at least `MUCH_WORK` multiply-adds in a step, and a copy of the model can take a step so. Otherwise float32.

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
    """Whether the rule finds much work in wide layers, and bfloat16 and channels-last meet no error.

    A copy of the model is tried on one batch; the random generators are put back afterwards.
    """
    state = random_state()
    try:
        trial, loss = copy.deepcopy(model).train(), CheckedLoss(copy.deepcopy(loss_fn), train)
        indices = torch.arange(min(train.batch_size, len(train.images)), device=train.device)
        images, labels = train.take(indices)
        if wide_work(trial, images) < MUCH_WORK:
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


def wide_work(model: nn.Module, images: Tensor) -> int:
    """Multiply-adds of the convolutions and linear layers that have at least 16 channels or features in and out.

    >>> import torch
    >>> from torch import nn
    >>> from course_utils.training.precision import wide_work
    >>> model = nn.Sequential(nn.Conv2d(3, 16, 3), nn.Conv2d(16, 32, 3))  # the first one is narrow
    >>> wide_work(model, torch.zeros(1, 3, 6, 6)) == (16 * 3 * 3) * (32 * 2 * 2)
    True

    Args:
        model: is run once, without gradients.
        images: (N, C, H, W).
    """
    counts = [0]

    def count(layer: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        if min(layer.weight.shape[:2]) >= _WIDE:
            counts.append(layer.weight[0].numel() * output.numel())

    layers = [layer for layer in model.modules() if isinstance(layer, (nn.Conv2d, nn.Linear))]
    hooks = [layer.register_forward_hook(count) for layer in layers]
    try:
        with torch.no_grad():
            model(images)
    finally:
        for hook in hooks:
            hook.remove()
    return sum(counts)
