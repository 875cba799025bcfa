"""Transforms of pictures: their type and range, what is random in them, and whether a garment survives.

Facts come from the probe `transformed`, so a graded cell can judge with the same functions as a visible check.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from course_utils.checks.failures import failure
from course_utils.checks.shapes import check_shape
from course_utils.checks.training_parts import transformed
from course_utils.checks.values import check_close, check_equal

CLEAR = 0.8  # from this correlation on a draw is taken for a garment that was changed in some way
ALIKE = 0.65  # the least correlation of a garment with itself, mildly turned, shifted and interpolated


def check_range(transform: Any, picture: Tensor, name: str) -> None:
    """Check that a transform makes float32 tensors of grey pictures, black -1 and white 1, the same each time.

    >>> import torch
    >>> from torchvision.transforms.functional import to_tensor
    >>> from course_utils.checks import check_range
    >>> ramp = (torch.arange(784) % 256).reshape(28, 28).to(torch.uint8)
    >>> check_range(to_tensor, ramp, "transform")
    Traceback (most recent call last):
        ...
    course_utils.checks.errors.CheckError: transform(picture) is not right.
      came:     0 at index [0, 0, 0]; 781 of 784 values are off
      expected: -1 at that index
      likely cause: the range is 0 to 1: v2.Normalize is missing

    Args:
        transform: takes a PIL picture.
        picture: (28, 28), uint8, with many different values.
        name: how messages call the transform.

    Raises:
        CheckError: type, shape or values differ.
    """
    [came, again] = transformed(transform, picture, draws=2)
    _check_type(came, name)
    cause = {"something in it is random: that belongs into training alone": False}
    check_equal(torch.equal(came, again), True, f"whether {name}(picture) is the same each time", likely=cause)
    expected, inverted = _normalised(picture), _normalised(255 - picture)
    mistakes = {
        "the range is 0 to 1: v2.Normalize is missing": _normalised(picture, 0.0, 1.0),
        "the range is 0 to 255: scale=True is missing in v2.ToDtype, and v2.Normalize": picture[None].float(),
        "scale=True is missing in v2.ToDtype": (picture[None] - 0.5) / 0.5,
        "bright and dark are swapped": inverted,
        "mean and std of MNIST, not 0.5 and 0.5": _normalised(picture, 0.1307, 0.3081),
        "mean and std of FashionMNIST, not 0.5 and 0.5": _normalised(picture, 0.2860, 0.3530),
        "the mean is 0.5, the std is not": _normalised(picture, 0.5, 1.0),
        "it stands upside down: no flip here": expected.flip(1),
        "it is mirrored: no flip here": expected.flip(2),
    }
    # Rounded otherwise than here, the values differ in the last place.
    likely = {cause: came for cause, value in mistakes.items() if torch.allclose(came, value, atol=1e-6)}
    check_close(came, expected, f"{name}(picture)", likely=likely, atol=1e-6)


def check_black_border(transform: Any, name: str, draws: int = 30) -> None:
    """Check that a random transform keeps black at -1 and white at 1, and that pixels which move in are black.

    >>> import torch
    >>> from torchvision.transforms import v2
    >>> from course_utils.checks import check_black_border
    >>> steps = [v2.ToImage(), v2.ToDtype(torch.float32, scale=True), v2.Normalize((0.5,), (0.5,))]
    >>> check_black_border(v2.Compose([*steps, v2.Pad(2), v2.CenterCrop(28)]), "transform")
    >>> check_black_border(v2.Compose([*steps, v2.Pad((3, 0, 0, 0)), v2.Resize((28, 28))]), "transform")
    Traceback (most recent call last):
        ...
    course_utils.checks.errors.CheckError: the brightest value in transform(a black picture) is not right.
      came:     0
      expected: -1
      likely cause: pixels that move in are grey: 0 is black before Normalize only; shift before it, or fill with -1

    Args:
        transform: takes a PIL picture of 28 by 28.
        name: how messages call it.
        draws: of each picture.

    Raises:
        CheckError: type, shape or range differ.
    """
    black = torch.zeros(28, 28, dtype=torch.uint8)
    came = transformed(transform, black, draws=draws)
    for one in came:
        _check_type(one, name)
    brightest, darkest = max(float(one.max()) for one in came), min(float(one.min()) for one in came)
    likely: dict[str, float] = {}
    if darkest < -0.99:
        likely["pixels that move in are grey: 0 is black before Normalize only; shift before it, or fill with -1"] = 0.0
        swapped = any(float(one[0, 14, 14]) > 0.9 for one in came)  # nothing moves in as far as the middle
        likely["bright and dark are swapped in some draws" if swapped else "pixels that move in are white"] = 1.0
    else:
        likely["the range begins at 0: v2.Normalize is missing"] = 0.0
        likely["mean and std of MNIST, not 0.5 and 0.5"] = (0 - 0.1307) / 0.3081
        likely["mean and std of FashionMNIST, not 0.5 and 0.5"] = (0 - 0.2860) / 0.3530
    check_close(brightest, -1.0, f"the brightest value in {name}(a black picture)", likely=likely, atol=1e-5)
    largest = max(float(one.max()) for one in transformed(transform, black + 255, draws=draws))
    likely = {"scale=True is missing in v2.ToDtype": 509.0, "the std is 1, not 0.5": 0.0}
    check_close(largest, 1.0, f"the brightest value in {name}(a white picture)", likely=likely, atol=1e-5)


def check_random(transform: Any, picture: Tensor, name: str, draws: int = 40) -> None:
    """Check that not all draws of a transform are the same.

    >>> import torch
    >>> from course_utils.checks import check_random
    >>> check_random(lambda picture: torch.zeros(1, 28, 28), torch.zeros(28, 28, dtype=torch.uint8), "transform")
    Traceback (most recent call last):
        ...
    course_utils.checks.errors.CheckError: transform is not random.
      came:     1 picture in 40 draws
      expected: different ones
      likely cause: nothing in it is random: put a mild change in front

    Raises:
        CheckError: all draws are one picture.
    """
    came = transformed(transform, picture, draws=draws)
    _check_type(came[0], name)
    if len({tuple(one.flatten().tolist()) for one in came}) == 1:
        cause = "nothing in it is random: put a mild change in front"
        raise failure(f"{name} is not random.", f"1 picture in {draws} draws", "different ones", cause)


def check_recognisable(transform: Any, picture: Tensor, name: str, draws: int = 80) -> None:
    """Check that a garment is still itself in each of so many draws: mirrored, or shifted by up to 4 pixels.

    >>> import torch
    >>> from torchvision.transforms import v2
    >>> from course_utils.checks import check_recognisable
    >>> boot = torch.zeros(28, 28)
    >>> boot[5:23, 14:20] = boot[17:23, 6:20] = 255
    >>> flip = v2.Compose([v2.RandomVerticalFlip(), v2.ToImage(), v2.ToDtype(torch.float32, scale=True)])
    >>> check_recognisable(flip, boot.to(torch.uint8), "transform")
    Traceback (most recent call last):
        ...
    course_utils.checks.errors.CheckError: a garment is not recognisable in one of 80 draws of transform.
      came:     at most 0.62 alike, mirrored or shifted by up to 4 pixels
      expected: at least 0.65
      likely cause: it stands upside down: no vertical flip

    Args:
        transform: takes a PIL picture.
        picture: (28, 28), uint8: a broad garment, bright on black, that no flip or turn maps on itself.
        name: how messages call the transform.
        draws: how many are looked at; the worst one counts.

    Raises:
        CheckError: a draw is too far from the picture; the message says what it looks like.
    """
    came = transformed(transform, picture, draws=draws)
    _check_type(came[0], name)
    garment, pictures = picture.double() / 255, [one.double()[0] for one in came]
    draw = min(pictures, key=lambda one: _alike(one, garment, 4))
    score = _alike(draw, garment, 4)
    if score < ALIKE:
        looks = sorted(((look(), cause) for cause, look in _looks(draw, garment).items()), reverse=True)
        (best, cause), (second, _) = looks[:2]
        raise failure(
            f"a garment is not recognisable in one of {draws} draws of {name}.",
            f"at most {score:.2f} alike, mirrored or shifted by up to 4 pixels",
            f"at least {ALIKE}",
            cause if best > CLEAR and best > second + 0.05 else "",
        )


def _looks(draw: Tensor, garment: Tensor) -> dict[str, Callable[[], float]]:
    """What a draw may be, each with how much it is alike."""
    turned = [garment.rot90(turn) for turn in (1, 3)]
    return {
        "it stands upside down: no vertical flip": lambda: _alike(draw, garment.flip(0), 4),
        "it lies on its side: turn by a few degrees at most": lambda: max(_alike(draw, one, 4) for one in turned),
        "bright and dark are swapped": lambda: _alike(draw, 1 - garment, 4),
        "it is shifted too far: 4 pixels are the limit": lambda: _alike(draw, garment, 14),
        "it is turned too far: 15 degrees are the limit": lambda: max(
            _alike(draw, _turned(garment, angle), 6) for angle in range(-75, 76, 15)
        ),
    }


def _alike(draw: Tensor, picture: Tensor, reach: int) -> float:
    """The largest correlation of a draw with a picture, mirrored or not, shifted by up to `reach` pixels."""
    kernels = torch.stack([picture, picture.flip(1)])[:, None].double()
    kernels = kernels - kernels.mean((2, 3), keepdim=True)
    kernels = kernels / kernels.flatten(1).norm(dim=1).clamp_min(1e-9)[:, None, None, None]
    scores = F.conv2d(F.pad(draw, (reach,) * 4, value=float(draw.min()))[None, None], kernels)
    return scores.max().item() / max((draw - draw.mean()).norm().item(), 1e-6)


def _turned(picture: Tensor, degrees: float) -> Tensor:
    """The picture (28, 28), turned around its middle, black around."""
    angle = torch.tensor(degrees, dtype=torch.float64).deg2rad()
    row = torch.zeros((), dtype=torch.float64)
    theta = torch.stack([angle.cos(), -angle.sin(), row, angle.sin(), angle.cos(), row]).reshape(1, 2, 3)
    grid = F.affine_grid(theta, [1, 1, *picture.shape], align_corners=False)
    return F.grid_sample(picture[None, None], grid, align_corners=False)[0, 0]


def _normalised(picture: Tensor, mean: float = 0.5, std: float = 0.5) -> Tensor:
    """Bytes as v2.ToDtype with scale=True and v2.Normalize make them: (1, H, W)."""
    return (picture[None].float() / 255 - mean) / std


def _check_type(came: Any, name: str) -> None:
    kind = type(came).__name__
    if not isinstance(came, Tensor):
        cause = "v2.PILToTensor is missing" if "Image" in kind else ""
        raise failure(f"{name}(picture) is not right.", f"an object of type {kind}", "a tensor (1, 28, 28)", cause)
    check_shape(tuple(came.shape), (1, 28, 28), f"{name}(picture)")
    likely = {"v2.ToDtype is missing": "torch.uint8"}
    check_equal(str(came.dtype), "torch.float32", f"the dtype of {name}(picture)", likely=likely)
