"""A loader for image data that fit into memory: bytes on the device, converted and augmented batch by batch."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import Subset

from course_utils.training.devices import pick_device


class TensorLoader:
    """Use it in place of ``DataLoader(data, batch_size, shuffle)``; yields (images, labels) on the device.

    A `DataLoader` makes a picture of every image, transforms it and stacks the batch anew in every epoch. Here the
    whole set is put on the device once, one byte per pixel. A batch is then an index, a division by 255 and,
    if wanted, augmentation and normalisation of all its images together.

    The `transform` of the data set is *not* applied: its work is done by the division, `mean`, `std` and `augment`.

    >>> import torch
    >>> from course_utils.training import TensorLoader
    >>> images = torch.tensor([[[0, 51], [102, 255]]], dtype=torch.uint8)  # one image of 2 by 2 pixels
    >>> loader = TensorLoader((images, torch.tensor([7])), batch_size=1, device="cpu")
    >>> next(iter(loader))  # divided by 255
    (tensor([[[[0.0000, 0.2000],
              [0.4000, 1.0000]]]]), tensor([7]))

    Args:
        data: a data set with `data` and `targets` (torchvision's MNIST, FashionMNIST, CIFAR10, or
            `course_utils.data.load`), a `Subset` of one, or a pair (images, labels).
            Images are (N, H, W), a tensor (N, C, H, W), or a NumPy array (N, H, W, C) as torchvision's
            colour sets hold it: bytes from 0 to 255, or floats, which are taken as they are. Labels are (N,).
        batch_size: images in a batch; the last one has what is left.
        shuffle: a new order in every epoch.
        drop_last: leave out the last batch where it is smaller.
        augment: takes a batch (N, C, H, W), bytes where the images are bytes, and returns one of the same
            shape; for instance `Augment(shift=2, flip=True)`.
        mean, std: subtracted and divided by after the division by 255; a number, or one for each channel.
        device: where the images live; by default `pick_device()`.
        seed: the order of epoch e follows from seed + e; by default drawn from PyTorch's generator.

    Yields:
        images, float32 (n, C, H, W), in [0, 1] unless `mean` and `std` say otherwise, and labels, int64 (n,).

    Raises:
        ValueError: images and labels do not fit together, there are none, or an argument is out of range.
        TypeError: `data` is none of the above.
    """

    def __init__(
        self,
        data: object,
        batch_size: int,
        shuffle: bool = False,
        *,
        drop_last: bool = False,
        augment: Callable[[Tensor], Tensor] | None = None,
        mean: float | Sequence[float] | None = None,
        std: float | Sequence[float] | None = None,
        device: torch.device | str | None = None,
        seed: int | None = None,
    ):
        if isinstance(batch_size, bool) or not isinstance(batch_size, int) or batch_size < 1:
            raise ValueError(f"batch_size is {batch_size!r}; expected a whole number of at least 1")
        images, labels = _images_and_labels(data)
        if len(images) != len(labels):
            raise ValueError(f"{len(images)} images but {len(labels)} labels; there must be one label for each image")
        if len(images) == 0:
            raise ValueError("there are no images in the data; check how they were selected")
        if drop_last and batch_size > len(images):
            raise ValueError(
                f"drop_last=True with batch_size={batch_size} leaves no batch of {len(images)} images; "
                f"take drop_last=False or a batch_size of at most {len(images)}"
            )
        self.device = pick_device() if device is None else torch.device(device)
        self.images = images.to(self.device)
        self.labels = labels.to(self.device)
        self.classes = _classes(data)
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.drop_last = drop_last
        self.augment = augment
        self.mean = self._per_channel(mean, 0.0, "mean")
        self.std = self._per_channel(std, 1.0, "std")
        self.normalised = mean is not None or std is not None
        self.seed = int(torch.randint(2**31, ())) if seed is None and shuffle else seed or 0
        self.epoch = 0

    def __len__(self) -> int:
        """Batches in an epoch."""
        whole, rest = divmod(len(self.images), self.batch_size)
        return whole if self.drop_last or rest == 0 else whole + 1

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        """One epoch; each call goes on to the next epoch's order."""
        for indices in self.batches():
            yield self.take(indices)

    def batches(self) -> Iterator[Tensor]:
        """The indices of each batch of the next epoch, each (n,) on the device."""
        order, size = self.order(), self.batch_size
        return (order[start : start + size] for start in range(0, len(self) * size, size))

    def order(self) -> Tensor:
        """The indices of all images in the order of the next epoch, (N,) on the device."""
        self.epoch += 1
        return self.order_of(self.epoch - 1)

    def order_of(self, epoch: int) -> Tensor:
        """The indices of all images in the order of an epoch, counted from 0; (N,) on the device."""
        if not self.shuffle:
            return torch.arange(len(self.images), device=self.device)
        generator = torch.Generator().manual_seed(self.seed + epoch)
        on_nvidia = self.device.type == "cuda"  # which takes pinned memory over without waiting for what it has to do
        order = torch.randperm(len(self.images), generator=generator, pin_memory=on_nvidia)
        return order.to(self.device, non_blocking=on_nvidia)

    def take(self, indices: Tensor) -> tuple[Tensor, Tensor]:
        """The images and labels at `indices`, as a batch ready for the network."""
        return self.take_images(indices), self.labels.index_select(0, indices)

    def take_images(self, indices: Tensor) -> Tensor:
        """The images alone, (n, C, H, W)."""
        images = self.images.index_select(0, indices)
        if self.augment is not None:
            images = self.augment(images)
        if not images.is_floating_point():
            images = images / 255
        if self.normalised:
            images = (images - self.mean) / self.std
        return images

    def _per_channel(self, value: float | Sequence[float] | None, default: float, name: str) -> Tensor:
        """A number, or one for each channel, as (1 or C, 1, 1) on the device."""
        values = torch.as_tensor(default if value is None else value, dtype=torch.float32).flatten()
        channels = self.images.shape[1]
        if len(values) not in (1, channels):
            raise ValueError(
                f"{name} has {len(values)} values, the images have {channels} channels: give one or {channels}"
            )
        if name == "std" and not (values > 0).all():
            raise ValueError(f"std is {value}; it must be above 0")
        return values.view(-1, 1, 1).to(self.device)


def _classes(data: object) -> int | None:
    """How many classes the data set says it has, or None."""
    while isinstance(data, Subset):
        data = data.dataset
    names = getattr(data, "classes", None)
    return len(names) if names else None


def _images_and_labels(data: object) -> tuple[Tensor, Tensor]:
    """Images (N, C, H, W) and labels (N,) out of whatever `TensorLoader` accepts."""
    if isinstance(data, Subset):
        images, labels = _images_and_labels(data.dataset)
        indices = torch.as_tensor(data.indices)
        return images[indices], labels[indices]
    if isinstance(data, (tuple, list)) and len(data) == 2:
        images, labels = data
    elif hasattr(data, "data") and hasattr(data, "targets"):
        images, labels = data.data, data.targets
    else:
        raise TypeError(
            f"data is a {type(data).__name__}; expected a data set with .data and .targets, a Subset of one, "
            "or a pair (images, labels). For any other data set use a DataLoader"
        )
    labels = torch.as_tensor(labels)
    return _channels_first(images), labels if labels.is_floating_point() else labels.long()


def _channels_first(images: Tensor | np.ndarray) -> Tensor:
    """Images as a tensor (N, C, H, W)."""
    is_array = isinstance(images, np.ndarray)
    images = torch.as_tensor(images)
    if is_array and images.dim() == 4:
        images = images.permute(0, 3, 1, 2).contiguous()
    if images.dtype != torch.uint8 and not images.is_floating_point():
        raise ValueError(f"images are {images.dtype}; expected bytes (torch.uint8, 0 to 255) or floats")
    if images.dim() == 3:
        return images.unsqueeze(1)
    if images.dim() != 4:
        raise ValueError(
            f"images have shape {tuple(images.shape)}; "
            "expected (N, H, W), a tensor (N, C, H, W) or an array (N, H, W, C)"
        )
    return images
