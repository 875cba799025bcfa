"""Random changes to a whole batch of images at once; every image gets its own draw.

Each function takes and returns (N, C, H, W), bytes or floats, and leaves its input unchanged. The draws come from
PyTorch's default generator on the images' device, so `seed_everything` makes them repeatable.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor


def random_shift(images: Tensor, pixels: int) -> Tensor:
    """Move each image by up to `pixels` up or down and left or right; zeros move in.

    Every shift from -pixels to +pixels is equally likely, in each direction by itself.

    >>> import torch
    >>> from course_utils.training import random_shift
    >>> images = torch.zeros(8, 1, 5, 5)
    >>> images[:, :, 2, 2] = 1  # one bright pixel, in the middle
    >>> random_shift(images, 1)[:, :, 1:4, 1:4].sum()  # it is still there, at most one step away
    tensor(8.)
    """
    count, _, height, width = images.shape
    padded = F.pad(images, (pixels, pixels, pixels, pixels))
    windows = padded.unfold(2, height, 1).unfold(3, width, 1)  # a view: one window for each shift
    top, left = torch.randint(0, 2 * pixels + 1, (2, count), device=images.device)
    return windows[torch.arange(count, device=images.device), :, top, left]


def random_flip(images: Tensor, probability: float = 0.5) -> Tensor:
    """Mirror each image left to right with the given probability.

    >>> import torch
    >>> from course_utils.training import random_flip
    >>> random_flip(torch.tensor([[[[1, 2, 3]]]]), probability=1)
    tensor([[[[3, 2, 1]]]])
    """
    chosen = torch.rand(len(images), 1, 1, 1, device=images.device) < probability
    return torch.where(chosen, images.flip(-1), images)


def random_erase(images: Tensor, size: int) -> Tensor:
    """Set a square of `size` by `size` pixels to zero, somewhere inside each image.

    Source: DeVries and Taylor 2017, "Improved Regularization of Convolutional Neural Networks with Cutout".

    >>> import torch
    >>> from course_utils.training import random_erase
    >>> random_erase(torch.ones(1, 1, 6, 6), 2).sum()  # 6 * 6 - 2 * 2
    tensor(32.)
    """
    count, _, height, width = images.shape
    top = torch.randint(0, max(height - size, 0) + 1, (count, 1), device=images.device)
    left = torch.randint(0, max(width - size, 0) + 1, (count, 1), device=images.device)
    rows = torch.arange(height, device=images.device) - top
    columns = torch.arange(width, device=images.device) - left
    in_rows = (rows >= 0) & (rows < size)
    in_columns = (columns >= 0) & (columns < size)
    return images.masked_fill((in_rows[:, :, None] & in_columns[:, None, :])[:, None], 0)


@dataclass(frozen=True)
class Augment:
    """Shift, flip and erase in this order; the defaults change nothing.

    Use it as ``TensorLoader(data, 64, shuffle=True, augment=Augment(shift=2, flip=True))``.

    >>> import torch
    >>> from course_utils.training import Augment
    >>> augment = Augment(flip=True, erase=2)
    >>> augment(torch.ones(8, 1, 28, 28)).sum()  # 8 * (28 * 28 - 2 * 2)
    tensor(6240.)

    Args:
        shift: largest shift in pixels, see `random_shift`.
        flip: mirror every second image or so, see `random_flip`.
        erase: side of the erased square in pixels, see `random_erase`.
    """

    shift: int = 0
    flip: bool = False
    erase: int = 0

    def __post_init__(self):
        for name in ("shift", "erase"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or value < 0:
                raise ValueError(f"{name} is {value!r}; expected a number of pixels: 0, 1, 2, ...")

    def __call__(self, images: Tensor) -> Tensor:
        """(N, C, H, W) to the same shape."""
        if self.shift:
            images = random_shift(images, self.shift)
        if self.flip:
            images = random_flip(images)
        if self.erase:
            images = random_erase(images, self.erase)
        return images
