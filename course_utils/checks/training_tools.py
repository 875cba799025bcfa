"""Devices, losses, optimizers and schedules: what is asked of them, and which mistake gives what came.

Facts come from probes (`course_utils.checks.training_parts`), so a graded cell can judge with the same functions as a
visible check, with other numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NoReturn

import torch
from torch import nn
from torch.nn import functional as F

from course_utils.checks.failures import failure
from course_utils.checks.training_parts import learning_rates, optimizer_facts, picked_device, take_step
from course_utils.checks.values import check_close, check_equal

COMPUTERS = {"no GPU": (False, False), "NVIDIA's": (True, False), "Apple's": (False, True), "both": (True, True)}


def check_cross_entropy(criterion: Any, seed: int) -> None:
    """Check that ``criterion(logits, labels)`` is the mean cross entropy of a batch.

    >>> from torch import nn
    >>> from course_utils.checks import check_cross_entropy
    >>> try:
    ...     check_cross_entropy(nn.NLLLoss(), seed=0)
    ... except AssertionError as error:
    ...     print(str(error).splitlines()[-1])
      likely cause: NLLLoss expects log-probabilities, the network gives logits

    Raises:
        CheckError: it cannot be called, or gives another number.
    """
    likely: dict[Any, Any] = {"the three tools come in another order": False} if hasattr(criterion, "step") else {}
    check_equal(callable(criterion), True, "whether the first tool, the criterion, can be called", likely=likely)
    if isinstance(criterion, type):
        raise failure(
            "the criterion is not right.", f"the class {criterion.__name__}", "an object of it", "the () is missing"
        )
    generator = torch.Generator().manual_seed(seed)
    logits = 2 * torch.randn(7, 4, generator=generator, dtype=torch.float64)
    labels = torch.tensor([0, 3, 1, 1, 2, 0, 3])
    mean = F.cross_entropy(logits, labels).item()
    likely = {
        "the mean over the batch is asked for, not the sum": F.cross_entropy(logits, labels, reduction="sum").item(),
        "NLLLoss expects log-probabilities, the network gives logits": F.nll_loss(logits, labels).item(),
        "a softmax before cross entropy: it has one in it": F.cross_entropy(logits.softmax(1), labels).item(),
        "mean squared error is for numbers, not for classes": F.mse_loss(logits, F.one_hot(labels, 4).double()).item(),
        "the hinge loss of MultiMarginLoss": F.multi_margin_loss(logits, labels).item(),
        "label smoothing is not asked for": F.cross_entropy(logits, labels, label_smoothing=0.1).item(),
        "the sign is turned round": -mean,
    }
    check_close(criterion(logits, labels), mean, "criterion(logits, labels)", likely=likely)


def check_optimizer(optimizer: Any, model: nn.Module) -> None:
    """Check that an optimizer holds all parameters of `model` and no others, and that a step moves them.

    >>> import torch
    >>> from torch import nn
    >>> from course_utils.checks import check_optimizer
    >>> check_optimizer(torch.optim.SGD(nn.Linear(2, 1).parameters(), lr=0.1), nn.Linear(2, 1))
    Traceback (most recent call last):
        ...
    course_utils.checks.errors.CheckError: the parameters of the model that the optimizer holds is not right.
      came:     []
      expected: ['weight', 'bias']
      likely cause: the optimizer was made for another model

    Args:
        optimizer: the second tool.
        model: the one it was made for; its weights are moved.

    Raises:
        CheckError: it is no optimizer, holds other parameters, or a step leaves some where they are.
    """
    facts = optimizer_facts(optimizer, model)
    name = "the type of the second tool, the optimizer"
    likely = {"the three tools come in another order": facts["kind"]} if _is_tool(facts["kind"]) else {}
    if not facts["is_optimizer"]:
        check_equal(facts["kind"], "one of torch.optim", name, likely=likely)
    names = [key for key, _ in model.named_parameters()]
    likely = {"the optimizer was made for another model": []} if facts["others"] else {}
    likely |= {"it holds the last layer only": names[-2:], "it holds the first layer only": names[:2]}
    likely |= {"it holds weights without biases": [key for key in names if key.endswith("weight")]}
    check_equal(facts["held"], names, "the parameters of the model that the optimizer holds", likely=likely)
    check_equal(facts["others"], 0, "how many tensors of others the optimizer holds")
    before = [parameter.detach().clone() for parameter in model.parameters()]
    for parameter in model.parameters():
        parameter.grad = torch.ones_like(parameter)
    take_step(optimizer, model)
    moved = [not torch.equal(old, new) for old, new in zip(before, model.parameters(), strict=True)]
    still = [key for key, has_moved in zip(names, moved, strict=True) if not has_moved]
    check_equal(still, (), "the parameters that a step leaves where they are", likely={"the learning rate is 0": names})


def check_schedule(make_tools: Callable, learning_rate: float, steps: int) -> None:
    """Check the learning rates of a run of ``make_tools(model, learning_rate, steps)``.

    >>> import torch
    >>> from course_utils.checks import check_schedule
    >>> def tools(model, learning_rate, steps):
    ...     optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    ...     return None, optimizer, torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.0, total_iters=100 * steps)
    >>> check_schedule(tools, 0.5, 4)
    Traceback (most recent call last):
        ...
    course_utils.checks.errors.CheckError: the learning rates with learning_rate=0.5, steps=4 are not right.
      came:     0.5, 0.4988, 0.4975, 0.4963, and 0.495 at the end
      expected: at most half of learning_rate at the end
      likely cause: the schedule is longer than `steps`

    Raises:
        CheckError: the rates rise above `learning_rate` or stay far below, end early, do not fall, or fall too slowly.
    """
    _, optimizer, scheduler = make_tools(nn.Linear(2, 2), learning_rate, steps)
    check_equal(hasattr(scheduler, "step"), True, "whether the third tool, the scheduler, has a method `step`")
    rates = learning_rates(optimizer, scheduler, steps)
    half = rates[(steps - 1) // 2 : steps]
    if max(rates) > learning_rate * (1 + 1e-9):
        own = "learning_rate is not handed to the optimizer, or the scheduler raises it"
        _fail_rates(rates, learning_rate, steps, "nowhere above learning_rate", own)
    if max(rates) < learning_rate / 4:
        _fail_rates(rates, learning_rate, steps, "a largest one near learning_rate", "")
    if len(set(rates)) == 1:
        cause = "the scheduler lowers nothing, or it holds another optimizer than the one that is returned"
        _fail_rates(rates, learning_rate, steps, "falling rates", cause)
    if rates[steps - 1] <= 0:
        _fail_rates(rates, learning_rate, steps, "above 0 before the last call", "the schedule is shorter than `steps`")
    if half != sorted(half, reverse=True):
        cause = "the schedule ends before `steps` calls, and rises again"
        cause = "it rises from the beginning to the end" if rates == sorted(rates) else cause
        _fail_rates(rates, learning_rate, steps, "falling rates in the second half", cause)
    if half[-1] == half[0]:
        cause = "the schedule ends before `steps` calls, and stands still from then on"
        _fail_rates(rates, learning_rate, steps, "falling rates in the second half", cause)
    if rates[-1] > learning_rate / 2 * (1 + 1e-6):
        expected, cause = "at most half of learning_rate at the end", "the schedule is longer than `steps`"
        _fail_rates(rates, learning_rate, steps, expected, cause)


def _is_tool(kind: str) -> bool:
    return kind.endswith(("LR", "Loss", "Scheduler"))


def _fail_rates(rates: Sequence[float], learning_rate: float, steps: int, expected: str, cause: str) -> NoReturn:
    shown = ", ".join(f"{rate:.4g}" for rate in rates[:-1][:6]) + (", ..." if len(rates) > 7 else "")
    name = f"the learning rates with learning_rate={learning_rate}, steps={steps} are not right."
    raise failure(name, f"{shown}, and {rates[-1]:.4g} at the end", expected, cause)


def check_devices(pick: Callable, computers: Sequence[str] = tuple(COMPUTERS)) -> None:
    """Check that ``pick()`` gives CUDA where there is an NVIDIA GPU, else MPS where there is Apple's, else the CPU.

    >>> import torch
    >>> from course_utils.checks import check_devices
    >>> check_devices(lambda: torch.device("cuda" if torch.cuda.is_available() else "cpu"))
    Traceback (most recent call last):
        ...
    course_utils.checks.errors.CheckError: pick_device() on a computer with Apple's GPU is not right.
      came:     cpu
      expected: mps
      likely cause: Apple's GPU is never asked for

    Args:
        pick: gives a `torch.device`.
        computers: which of `COMPUTERS` are judged; all are looked at, for the cause.

    Raises:
        CheckError: another device, or none.
    """
    found = [picked_device(pick, cuda=cuda, mps=mps) for cuda, mps in COMPUTERS.values()]
    kinds = tuple(_kind(one) for one in found)
    expected = ("cpu", "cuda", "mps", "cuda")
    for computer, came, wanted in zip(COMPUTERS, kinds, expected, strict=True):
        if computer in computers and came != wanted:
            name = computer if computer in ("no GPU", "both") else f"{computer} GPU"
            raise failure(f"pick_device() on a computer with {name} is not right.", came, wanted, _why_device(kinds))


def _kind(device: Any) -> str:
    """A device's type, with its number where that is not the first; anything else as it is written."""
    if not isinstance(device, torch.device):
        return f"{device!r:.30}"
    return device.type if device.index in (None, 0) else str(device)


def _why_device(kinds: tuple[str, ...]) -> str:
    """The cause, from what came without a GPU, with NVIDIA's, with Apple's and with both."""
    if all(kind.startswith(("'", '"')) for kind in kinds):
        return "this is a name; torch.device(name) makes a device of it"
    if set(kinds) == {"None"}:
        return "the function ends without `return`"
    if kinds[0] == "None":
        return "nothing is returned where there is no GPU"
    return {
        ("cpu", "cpu", "cpu", "cpu"): "it gives the CPU on every computer",
        ("cuda", "cuda", "cuda", "cuda"): "it gives CUDA on every computer: a function without () is always true",
        ("cpu", "cuda", "mps", "mps"): "Apple's GPU is asked for first; CUDA comes first",
        ("cpu", "cuda", "cpu", "cuda"): "Apple's GPU is never asked for",
        ("cpu", "cpu", "mps", "mps"): "the NVIDIA GPU is never asked for",
        ("cuda", "cpu", "cuda", "mps"): "the question about CUDA is turned round",
        ("mps", "cuda", "mps", "cuda"): "it gives MPS on every computer without CUDA: the CPU is missing",
    }.get(kinds, "")


def check_setting(value: Any, kind: type, low: float, high: float, name: str) -> None:
    """Check that a hyperparameter is a number of this type within bounds.

    >>> from course_utils.checks import check_setting
    >>> check_setting(3.0, int, 1, 10, "num_epochs")
    Traceback (most recent call last):
        ...
    course_utils.checks.errors.CheckError: num_epochs is not right.
      came:     3.0, a float
      expected: an int from 1 to 10

    Raises:
        CheckError: another type, or out of bounds.
    """
    if type(value) is not kind or not low <= value <= high:
        article = {"int": "an int", "float": "a float"}
        came = f"{value!r:.40}, {article.get(type(value).__name__, type(value).__name__)}"
        raise failure(f"{name} is not right.", came, f"{article[kind.__name__]} from {low:g} to {high:g}")
