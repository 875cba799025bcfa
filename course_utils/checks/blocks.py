"""A network of convolution blocks and one linear layer, computed again from its parameters.

What counts is what the network does with an image and what can be trained in it, not how its code is written.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from course_utils.checks.failures import failure
from course_utils.checks.shapes import check_shape
from course_utils.checks.values import check_close, check_equal


def check_block_parameters(
    model: nn.Module, in_channels: int, kernels: Sequence[int], classes: int, name: str, kernel_size: int = 3
) -> None:
    """Check that a network's parameters are those of one convolution for each block, and of one linear layer.

    >>> from torch import nn
    >>> from course_utils.checks import check_block_parameters
    >>> net = nn.Sequential(nn.Conv2d(1, 8, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(8 * 12 * 12, 3))
    >>> check_block_parameters(net, 1, (8,), 3, "the network")
    Traceback (most recent call last):
        ...
    course_utils.checks.errors.CheckError: the shapes of the kernels among the parameters of the network is not right.
      came:     ((8, 1, 5, 5),)
      expected: ((8, 1, 3, 3),)
      likely cause: kernels of 5×5, not 3×3

    Args:
        model: the network.
        in_channels, kernels, classes: channels of its images, kernels of each convolution, numbers that it gives.
        name: how messages call it.
        kernel_size: height and width of each kernel.

    Raises:
        CheckError: there are other kernels, another linear layer, or more than these.
    """
    shapes = sorted(tuple(parameter.shape) for parameter in model.parameters())
    if not shapes:
        cause = "the layers are no attributes of self: a plain list, for instance, hides them"
        check_equal(0, len(kernels) + 1, f"the number of layers with parameters in {name}", likely={cause: 0})
    channels = list(zip(kernels, (in_channels, *kernels), strict=False))
    size = (kernel_size, kernel_size)
    likely = {
        f"the first convolution has 1 input channel whatever in_channels says; here it is {in_channels}": (
            *((count, 1 if place == 0 else before, *size) for place, (count, before) in enumerate(channels)),
        ),
    }
    for other in (1, 2, 5, 7):
        wrong = tuple((count, before, other, other) for count, before in channels)
        likely[f"kernels of {other}×{other}, not {kernel_size}×{kernel_size}"] = wrong
    twice = (in_channels, *(2 * count for count in kernels))
    likely["twice as many kernels as asked for"] = tuple(
        (2 * b, a, *size) for b, a in zip(kernels, twice, strict=False)
    )
    came = tuple(shape for shape in shapes if len(shape) == 4)
    expected = tuple((count, before, *size) for count, before in channels)
    check_equal(came, expected, f"the shapes of the kernels among the parameters of {name}", likely=likely)
    matrices = [shape for shape in shapes if len(shape) == 2]
    check_equal(
        len(matrices),
        1,
        f"the number of linear layers in {name}",
        likely={"one linear layer is asked for, directly behind the last block": 2},
    )
    check_equal(
        matrices[0][0],
        classes,
        f"how many numbers the linear layer of {name} gives",
        likely={f"it gives 10 whatever num_classes says; here it is {classes}": 10} if classes != 10 else {},
    )
    _check_no_others([shape for shape in shapes if len(shape) not in (2, 4)], (*kernels, classes), name)


def check_block_values(model: nn.Module, images: Tensor, name: str) -> None:
    """Check that a network gives what its own parameters give in convolution (padding 0 or 1), ReLU, max pooling 2.

    >>> import torch
    >>> from torch import nn
    >>> from course_utils.checks import check_block_values
    >>> torch.manual_seed(0)  # doctest: +ELLIPSIS
    <torch._C.Generator object at 0x...>
    >>> net = nn.Sequential(nn.Conv2d(1, 8, 3), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(8 * 13 * 13, 3))
    >>> try:
    ...     check_block_values(net, torch.randn(2, 1, 28, 28), "the network")
    ... except AssertionError as error:
    ...     print(str(error).splitlines()[-1])
      likely cause: there is no ReLU behind the convolution

    Args:
        model: a network that passes `check_block_parameters`; in the mode in which it is.
        images: (N, C, H, W).
        name: how messages call ``model(images)``.

    Raises:
        CheckError: the network cannot be applied, or gives other numbers.
    """
    kernels, biases, head = _parts(model)
    came = _applied(model, images.clone(), head, name)  # an answer could erase what it is given
    check_shape(came, (len(images), head.shape[0]), name)
    if not torch.equal(came, model(images.clone())):
        cause = "something in it is random: dropout, or weights that are drawn in the pass"
        raise failure(f"{name} is not right.", "other numbers in a second pass", "the same each time", cause)
    right: Callable = lambda paddings: _output(images, kernels, biases, head, paddings)  # noqa: E731
    fitting = [pads for pads in itertools.product((1, 0), repeat=len(kernels)) if right(pads) is not None]
    if not fitting:
        entries = {_features(images, kernels, pads) for pads in itertools.product((1, 0), repeat=len(kernels))}
        expected = " or ".join(map(str, sorted(entries)))
        raise failure(f"the linear layer in {name} is not right.", f"{head.shape[1]} features", f"{expected} features")
    outputs = {pads: right(pads) for pads in fitting}
    pads = min(outputs, key=lambda pads: (came.detach() - outputs[pads]).abs().sum().item())
    likely = dict(_mistakes(images, kernels, biases, head, pads))
    check_close(came, outputs[pads], name, likely=likely, rtol=1e-3, atol=1e-5)


def check_trainable(model: nn.Module, images: Tensor, name: str) -> None:
    """Check that a gradient reaches each parameter of a network.

    >>> import torch
    >>> from torch import nn
    >>> from course_utils.checks import check_trainable
    >>> net = nn.Sequential(nn.Linear(3, 2).requires_grad_(False), nn.Linear(2, 2))
    >>> check_trainable(net, torch.ones(1, 3), "the network")
    Traceback (most recent call last):
        ...
    course_utils.checks.errors.CheckError: the parameters of the network that get no gradient is not right.
      came:     ('0.weight', '0.bias')
      expected: ()
      likely cause: they are frozen: requires_grad is False

    Args:
        model: the network; its gradients are erased.
        images: (N, ...), a batch for it.
        name: how messages call the network.

    Raises:
        CheckError: the output cannot be trained on, or a parameter gets no gradient.
    """
    frozen = tuple(key for key, parameter in model.named_parameters() if not parameter.requires_grad)
    output = model(images)
    if not output.requires_grad:
        cut = "gradients are switched off in the forward pass: no_grad, inference_mode or detach"
        none = "the layers are no attributes of self, so the network has no parameters"
        count = sum(1 for _ in model.parameters())
        cause = (
            none if not count else "every parameter is frozen: requires_grad is False" if len(frozen) == count else cut
        )
        check_equal(False, True, f"requires_grad of the output of {name}", likely={cause: False})
    model.zero_grad()
    output.square().sum().backward()
    without = tuple(key for key, p in model.named_parameters() if p.grad is None or not p.grad.any())
    model.zero_grad()
    likely = {"they are frozen: requires_grad is False": frozen} if frozen else {}
    check_equal(without, (), f"the parameters of {name} that get no gradient", likely=likely)


def _check_no_others(shapes: list[tuple[int, ...]], lengths: Sequence[int], name: str) -> None:
    """Check that besides kernels and matrix there is at most a bias for each layer."""
    left = list(lengths)
    others = []
    for shape in shapes:
        if len(shape) == 1 and shape[0] in left:
            left.remove(shape[0])
        else:
            others.append(shape)
    check_equal(others, (), f"the shapes of parameters of {name} that belong to no layer asked for")


def _parts(model: nn.Module) -> tuple[list[Tensor], list[Tensor | None], Tensor]:
    """The kernels in the order in which channels fit, biases by length (the head's last), and the head's matrix."""
    tensors = [parameter.detach() for parameter in model.parameters()]
    kernels = sorted((t for t in tensors if t.dim() == 4), key=lambda kernel: kernel.shape[0])
    head = next(t for t in tensors if t.dim() == 2)
    vectors = {len(t): t for t in tensors if t.dim() == 1}
    return kernels, [vectors.get(len(weight)) for weight in (*kernels, head)], head


def _applied(model: nn.Module, images: Tensor, head: Tensor, name: str) -> Tensor:
    """``model(images)``, with PyTorch's complaint about a linear layer put into words."""
    try:
        return model(images)
    except RuntimeError as error:
        message = str(error).splitlines()[0]
        found = re.search(r"\((\d+)x(\d+) and (\d+)x\d+\)", message)
        cause = ""
        if found:
            rows, columns, wanted = map(int, found.groups())
            if rows == len(images):
                cause = f"the linear layer expects {wanted} features of an image, and {columns} come"
            elif rows * columns == len(images) * wanted:
                cause = "the flatten takes the batch axis too"
        expected = f"shape {(len(images), len(head))}"
        raise failure(f"{name} cannot be computed.", message, expected, cause) from None


def _features(images: Tensor, kernels: Sequence[Tensor], paddings: Sequence[int]) -> int:
    """How many numbers of an image the last pooling leaves."""
    sizes = list(images.shape[2:])
    for kernel, padding in zip(kernels, paddings, strict=True):
        sizes = [(size + 2 * padding - kernel.shape[-1] + 1) // 2 for size in sizes]
    return kernels[-1].shape[0] * sizes[0] * sizes[1]


def _output(
    images: Tensor,
    kernels: Sequence[Tensor],
    biases: Sequence[Tensor | None],
    head: Tensor,
    paddings: Sequence[int],
    relus: Sequence[Callable] | None = None,
    pool: Callable = F.max_pool2d,
) -> Tensor | None:
    """The logits of the network that is asked for, with these parameters; None where the features do not fit."""
    maps = images
    for place, (kernel, padding) in enumerate(zip(kernels, paddings, strict=True)):
        maps = F.conv2d(maps, kernel, biases[place], padding=padding)
        maps = pool((relus[place] if relus else F.relu)(maps), 2)
    features = maps.flatten(1)
    return F.linear(features, head, biases[-1]) if features.shape[1] == head.shape[1] else None


def _mistakes(
    images: Tensor, kernels: list[Tensor], biases: list[Tensor | None], head: Tensor, paddings: Sequence[int]
) -> Iterator[tuple[str, Tensor]]:
    """Mistakes in words, each with the logits that it gives."""

    def output(**changes: Callable | list) -> Tensor:
        return _output(images, kernels, biases, head, paddings, **changes)

    logits, count = output(), len(kernels)
    yield "there is a softmax behind the last layer", logits.softmax(1)
    yield "there is a softmax behind the last layer, along axis 0, the images", logits.softmax(0)
    yield "there is a log-softmax behind the last layer", logits.log_softmax(1)
    yield "there is a ReLU behind the last layer", F.relu(logits)
    yield "there is a sigmoid behind the last layer", logits.sigmoid()
    yield "there is a tanh behind the last layer", logits.tanh()
    for which in itertools.product((F.relu, _nothing), repeat=count):
        without = [place for place, activation in enumerate(which, start=1) if activation is _nothing]
        if without:
            kinds = {1: "first", 2: "second", 3: "third"}
            where = "the convolution" if count == 1 else f"the {kinds[without[0]]} convolution"
            where = "the convolutions" if len(without) == count > 1 else where
            yield f"there is no ReLU behind {where}", output(relus=list(which))
    for other in (F.sigmoid, F.tanh, F.gelu, F.leaky_relu, F.elu, F.silu):
        yield f"{other.__name__} in place of ReLU", output(relus=[other] * count)
    yield "the pooling takes means, not maxima", output(pool=F.avg_pool2d)
    yield "the pooling windows are 3 wide", output(pool=lambda maps, size: F.max_pool2d(maps, 3, 2, 1))
    for place in range(count):
        halved = _strided(images, kernels, biases, head, paddings, place)
        if halved is not None:
            yield f"convolution {place + 1} has stride 2 and no pooling behind it", halved


def _strided(
    images: Tensor,
    kernels: Sequence[Tensor],
    biases: Sequence[Tensor | None],
    head: Tensor,
    paddings: Sequence[int],
    which: int,
) -> Tensor | None:
    """The logits where convolution `which` has stride 2 in place of the pooling; None where the features do not fit."""
    maps = images
    for place, (kernel, padding) in enumerate(zip(kernels, paddings, strict=True)):
        maps = F.relu(F.conv2d(maps, kernel, biases[place], padding=padding, stride=2 if place == which else 1))
        maps = maps if place == which else F.max_pool2d(maps, 2)
    features = maps.flatten(1)
    return F.linear(features, head, biases[-1]) if features.shape[1] == head.shape[1] else None


def _nothing(maps: Tensor) -> Tensor:
    return maps
