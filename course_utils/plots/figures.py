"""Figures in a notebook: shown with a text alternative, and images side by side.

matplotlib and IPython are imported when something is drawn: other rooms need `as_picture` alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from course_utils.plots.described import DescribedFigure, alt_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def show(figure: Figure, alt: str) -> None:
    """Show `figure` in the notebook with a text that says what there is to see, then close it.

    >>> import torch
    >>> from course_utils.plots import show, show_images
    >>> figure = show_images([torch.zeros(4, 4)] * 6)
    >>> show(figure, alt="08/augmented")  # the picture; without a notebook its text
    The same tinted garment six times: moved, with a black border where nothing moved in, and some of them mirrored.

    Args:
        figure: of matplotlib.
        alt: ``NN/name``, where the text is kept: under `name` in ``course_utils/alt_texts/NN.json``.

    Raises:
        ValueError: no text is kept there.
    """
    described = DescribedFigure(figure, alt_text(alt))
    import matplotlib.pyplot as plt
    from IPython.display import display

    display(described)
    plt.close(figure)


def show_images(
    images: Sequence[torch.Tensor | np.ndarray],
    titles: Sequence[str] | None = None,
    *,
    columns: int = 6,
    **imshow: Any,
) -> Figure:
    """A figure with images side by side; further keywords go to `Axes.imshow`.

    >>> import torch
    >>> from course_utils.plots import show_images
    >>> show_images([torch.zeros(4, 4), torch.eye(4)], ["zeros", "ones on the diagonal"], vmin=0, vmax=1)
    <Figure size 380x210 with 2 Axes>

    Args:
        images: each (H, W), (1, H, W) or (3, H, W) as a tensor, or (H, W) or (H, W, 3) as an array.
        titles: one for each image, or None.
        columns: images in a row, at most.

    Returns:
        The figure, for `show`.

    Raises:
        ValueError: there is no image, titles and images differ in number, or something is no image.
    """
    if len(images) == 0 or (titles is not None and len(titles) != len(images)):
        raise ValueError(
            f"{len(images)} images and {len(titles or [])} titles: give at least one image, and a title for each"
        )
    import matplotlib.pyplot as plt

    pictures = [as_picture(image, f"image {place}") for place, image in enumerate(images)]
    columns = min(columns, len(images))
    rows = -(-len(images) // columns)
    figure, axes = plt.subplots(rows, columns, figsize=(1.9 * columns, 2.1 * rows), squeeze=False, layout="constrained")
    for axis in axes.flat:
        axis.set_axis_off()
    for i, (axis, picture) in enumerate(zip(axes.flat, pictures, strict=False)):
        axis.imshow(picture, **({"cmap": "gray"} | imshow))
        if titles is not None:
            axis.set_title(titles[i], fontsize=9)
    return figure


def as_picture(image: torch.Tensor | np.ndarray, name: str) -> np.ndarray:
    """An image as `Axes.imshow` takes it: an array (H, W) or (H, W, 3).

    Args:
        image: (H, W), (1, H, W) or (3, H, W) as a tensor, or (H, W) or (H, W, 3) as an array.
        name: how the message calls it.

    Raises:
        ValueError: it is none of these.
    """
    is_tensor = isinstance(image, torch.Tensor)
    picture = np.asarray(image.detach().cpu() if is_tensor else image)
    if is_tensor and picture.ndim == 3:
        picture = picture[0] if picture.shape[0] == 1 else picture.transpose(1, 2, 0)
    if picture.ndim != 2 and (picture.ndim != 3 or picture.shape[2] != 3):
        raise ValueError(
            f"{name} has shape {tuple(np.shape(image))}; expected (H, W), (1, H, W) or (3, H, W) for a tensor, "
            "(H, W) or (H, W, 3) for an array"
        )
    return picture
