"""A residual block by what its layers get and give: both paths, the sum, and the ReLU behind it."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional as F

from course_utils.checks.chains import Call, alike, passed
from course_utils.checks.errors import CheckError
from course_utils.checks.values import check_close, check_equal


def check_residual_block(block: nn.Module, x: Tensor, stride: int, name: str) -> None:
    """Check that a block computes ReLU(branch(x) + shortcut(x)) after He and others 2015.

    The branch is convolution, batch norm, ReLU, convolution, batch norm, with 3x3 kernels; the first convolution has
    the stride. The shortcut is x, or one 1x1 convolution of x with the stride, with a batch norm behind it or without.

    >>> import torch
    >>> from torch import nn
    >>> from course_utils.checks import check_residual_block
    >>> class Block(nn.Module):
    ...     def __init__(self):
    ...         super().__init__()
    ...         self.conv1, self.conv2 = (nn.Conv2d(1, 1, 3, padding=1, bias=False) for _ in range(2))
    ...
    ...     def forward(self, x):
    ...         return (x + self.conv2(self.conv1(x).relu())).relu()
    >>> check_residual_block(Block(), torch.randn(2, 1, 5, 4), 1, "Block()(x)")
    Traceback (most recent call last):
        ...
    course_utils.checks.errors.CheckError: no batch norm in Block()(x) gets what a 3x3 convolution made
      expected: one directly behind each of the two, before the ReLU and before the sum

    Args:
        block: (N, C, H, W) -> (N, C', H', W').
        x: a batch with numbers of both signs.
        stride: what the block was made with.
        name: how messages call the output.

    Raises:
        CheckError: a layer is missing, stands at another place or has another stride, or the output is another one.
    """
    output, calls = passed(block, x, name)
    threes, ones = ([call for call in calls if _kernel(call) == size] for size in ((3, 3), (1, 1)))
    same = stride == 1 and output.shape[1] == x.shape[1]
    _check_convolutions(threes, ones, same, stride, name)
    for call, which in [(threes[0], "first convolution"), *((call, "projection") for call in ones)]:
        if not alike(call.given, x):
            raise CheckError(
                f"the {which} of {name} gets something else than x\n  expected: x itself, before anything else"
            )
    first, second = (_norm_behind(call, calls, name) for call in threes)
    if not alike(threes[1].given, F.relu(first.made)):
        likely = {"the ReLU between the convolutions is missing": first.made}
        check_close(threes[1].given, F.relu(first.made), f"what the second convolution of {name} gets", likely=likely)
    shortcut = x if same else _end(ones[0], calls).made
    total = second.made + shortcut
    mistakes = {
        "the ReLU behind the sum is missing": total,
        "the shortcut is not added": F.relu(second.made),
        "the branch is not added": F.relu(shortcut),
        "the ReLU stands before the sum; it belongs behind it": F.relu(second.made) + shortcut,
        "there is a ReLU before the sum too": F.relu(F.relu(second.made) + shortcut),
        "there is a ReLU on the shortcut": F.relu(second.made + F.relu(shortcut)),
        "the shortcut is added twice": F.relu(total + shortcut),
        "the mean of both paths is taken; their sum is wanted": F.relu(total) / 2,
        "shortcut and branch are multiplied, not added": F.relu(second.made * shortcut),
    }
    if not alike(output, F.relu(total)):
        cause = next((cause for cause, value in mistakes.items() if alike(output, value)), None)
        likely = {cause: output} if cause else None
        check_close(output, F.relu(total), name, likely=likely, rtol=1e-4, atol=1e-5)


def _check_convolutions(threes: list[Call], ones: list[Call], same: bool, stride: int, name: str) -> None:
    """The convolutions that are called: how many, what they get, and with which stride."""
    kernels = f"how often {name} calls a 3x3 and a 1x1 convolution"
    likely = {
        "the projection is a 3x3 convolution, not 1x1": (3, 0),
        "the projection is missing": (2, 0),
        "layers in a plain list, or others that PyTorch does not find, are not seen here": (0, 0),
    }
    if same:
        likely = {
            "equal shapes need no projection: the shortcut is x itself": (2, 1),
            "layers in a plain list, or others that PyTorch does not find, are not seen here": (0, 0),
        }
    check_equal((len(threes), len(ones)), (2, 0 if same else 1), kernels, likely=likely)
    if threes[0].layer is threes[1].layer:
        raise CheckError(f"{name} calls one 3x3 convolution twice\n  expected: two, each with weights of its own")
    strides = [call.layer.stride for call in threes + ones]
    wanted = [(stride, stride), (1, 1)] + [(stride, stride)] * len(ones)
    likely = {
        "the second convolution has the stride; the first one should": [(1, 1), (stride, stride), *wanted[2:]],
        "both convolutions have the stride; only the first should": [(stride, stride)] * len(wanted),
        "the projection lacks the stride": [*wanted[:2], (1, 1)],
    }
    check_equal(strides, wanted, f"the strides in {name}: first, second convolution, then projection", likely=likely)


def _norm_behind(conv: Call, calls: list[Call], name: str) -> Call:
    """The call of the batch norm that gets what this convolution made."""
    found = [call for call in calls if "Norm" in type(call.layer).__name__ and alike(call.given, conv.made)]
    if not found:
        raise CheckError(
            f"no batch norm in {name} gets what a 3x3 convolution made\n"
            "  expected: one directly behind each of the two, before the ReLU and before the sum"
        )
    if getattr(found[0].layer, "running_mean", None) is None:
        raise CheckError(f"a batch norm in {name} has no running statistics\n  expected: nn.BatchNorm2d as it is made")
    return found[0]


def _end(projection: Call, calls: list[Call]) -> Call:
    """The projection, or the batch norm behind it if there is one."""
    norms = [call for call in calls if "Norm" in type(call.layer).__name__ and alike(call.given, projection.made)]
    return norms[0] if norms else projection


def _kernel(call: Call) -> tuple | None:
    return call.layer.kernel_size if isinstance(call.layer, nn.Conv2d) else None
