"""The shift explorer: a picture to drag, several networks that answer at once, and for each a map of where it is right.

The page computes for itself in ``pages/shift.js``; here the models are written down and the still figure is drawn.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn import functional as F

from course_utils.explorers.explorer import Explorer
from course_utils.explorers.network import Node, nodes
from course_utils.model_copies import working_copy

if TYPE_CHECKING:
    from matplotlib.figure import Figure

REACH = 8  # pixels of shift in each direction
MAX_MODELS = 4
MAX_NUMBERS = 150_000  # parameters and pixels together, so that less than a megabyte is sent
RIGHT, WRONG = "#2166ac", "#d9d9d9"  # the page's colours


def shift(
    models: Mapping[str, nn.Module],
    images: torch.Tensor,
    labels: Sequence[int] | torch.Tensor,
    class_names: Sequence[str],
) -> Explorer:
    """Pictures to drag, and networks that answer while they move: where in the picture does each know the thing?

    As the last line of a cell it shows itself. The page computes the networks as PyTorch does, in evaluation mode. What
    moves in at an edge is zero, what leaves is lost: a picture shifted by 2 to the right is
    ``F.pad(image, (2, 0))[..., :width]``.

    >>> import torch
    >>> from torch import nn
    >>> from course_utils.explorers import shift
    >>> dense = nn.Sequential(nn.Flatten(), nn.Linear(2, 2))
    >>> dense[1].weight.data, dense[1].bias.data = torch.eye(2), torch.tensor([0.0, 0.5])
    >>> image = torch.tensor([[[[1.0, 0.0]]]])
    >>> shift({"dense": dense}, image, [0], ["left", "right"])  # in a notebook to touch; without one, in words
    The first of 1 pictures, left. As it stands, dense says left with 62 %. Of the 289 shifts by up to 8 pixels in \
each direction, dense names it rightly at 1.

    Args:
        models: 1 to 4 networks by name; each maps (N, 1, H, W) to logits (N, classes) and is made of what
            `course_utils.explorers.network` lists. They are left as they are.
        images: (N, 1, H, W), what the networks expect; N pictures to choose from.
        labels: (N,) whole numbers, the right class of each picture.
        class_names: a name for each class.

    Raises:
        ValueError: a shape or a label is none of these, a network has a layer that the page cannot compute, or all
            together is too large to be sent.
    """
    images, labels = torch.as_tensor(images).detach().cpu().float(), [int(label) for label in labels]
    _check(images, labels, len(class_names))
    copies = _small_copies(models, images)
    state = {
        "models": [{"name": name, "nodes": _written(name, copies[name], images, len(class_names))} for name in copies],
        "shape": list(images.shape[2:]),
        "images": [base64.b64encode(image.numpy().astype("<f4").tobytes()).decode() for image in images],
        "labels": labels,
        "classes": list(class_names),
    }
    answers = {name: _answers(model, images[0]) for name, model in copies.items()}
    text = _in_words(answers, labels[0], class_names, len(images))
    return Explorer(
        "shift", state, lambda: _draw(images[0, 0], answers, labels[0], class_names), text, parts=("picture", "network")
    )


def _check(images: torch.Tensor, labels: list[int], classes: int) -> None:
    if images.ndim != 4 or images.shape[1] != 1 or 0 in images.shape:
        raise ValueError(f"images have shape {tuple(images.shape)}; expected (N, 1, height, width)")
    if len(labels) != len(images) or not all(0 <= label < classes for label in labels):
        raise ValueError(f"labels are {labels}; expected {len(images)} numbers from 0 to {classes - 1}")


def _small_copies(models: Mapping[str, nn.Module], images: torch.Tensor) -> dict[str, nn.Module]:
    """The models in evaluation mode, by name, if they and the images are small enough to be sent."""
    if not 1 <= len(models) <= MAX_MODELS:
        raise ValueError(f"models has {len(models)} networks; expected 1 to {MAX_MODELS}, as {{name: network}}")
    copies = {name: working_copy(model, "cpu").eval() for name, model in models.items()}
    numbers = sum(p.numel() for model in copies.values() for p in model.parameters()) + images.numel()
    if numbers > MAX_NUMBERS:
        raise ValueError(
            f"models and images have {numbers:,} numbers; the page has room for {MAX_NUMBERS:,}: take smaller networks "
            "or fewer images"
        )
    return copies


def _written(name: str, model: nn.Module, images: torch.Tensor, classes: int) -> list[Node]:
    network = nodes(model, images.shape[1:])
    if network[-1]["shape"] != [classes]:
        raise ValueError(
            f"{name} gives the shape {tuple(network[-1]['shape'])} for a picture; expected a number for each of the "
            f"{classes} classes"
        )
    return network


def _answers(model: nn.Module, image: torch.Tensor) -> torch.Tensor:
    """Probabilities (17, 17, classes) for every shift, by rows and by columns from −8 on."""
    _, height, width = image.shape
    wide = F.pad(image, (REACH,) * 4)
    steps = range(2 * REACH, -1, -1)  # a window further up shows the picture further down
    shifted = torch.stack([wide[:, i : i + height, j : j + width] for i in steps for j in steps])
    with torch.no_grad():
        return model(shifted).softmax(1).reshape(2 * REACH + 1, 2 * REACH + 1, -1)


def _in_words(answers: dict[str, torch.Tensor], label: int, class_names: Sequence[str], pictures: int) -> str:
    """What the still figure shows."""
    said = []
    for name, probabilities in answers.items():
        most, best = probabilities[REACH, REACH].max(0)
        said.append(f"{name} says {class_names[best]} with {100 * most:.0f} %")
    counts = [f"{name} names it rightly at {_right(found, label).sum()}" for name, found in answers.items()]
    return (
        f"The first of {pictures} pictures, {class_names[label]}. As it stands, {', '.join(said)}. "
        f"Of the {(2 * REACH + 1) ** 2} shifts by up to {REACH} pixels in each direction, {', '.join(counts)}."
    )


def _right(probabilities: torch.Tensor, label: int) -> torch.Tensor:
    return probabilities.argmax(-1) == label


def _draw(image: torch.Tensor, answers: dict[str, torch.Tensor], label: int, class_names: Sequence[str]) -> Figure:
    """The picture, and a map of the shifts for each network."""
    from matplotlib import pyplot as plt
    from matplotlib.colors import ListedColormap

    figure, axes = plt.subplots(
        1, 1 + len(answers), figsize=(2.1 * (1 + len(answers)), 2.5), squeeze=False, layout="constrained"
    )
    picture, *maps = axes[0]
    picture.imshow(image.numpy(), cmap="gray", interpolation="nearest")
    picture.set_title(class_names[label], fontsize=9)
    picture.set_axis_off()
    ends = REACH + 0.5
    for axis, (name, probabilities) in zip(maps, answers.items(), strict=True):
        right = _right(probabilities, label)
        axis.imshow(
            right.numpy(), cmap=ListedColormap([WRONG, RIGHT]), vmin=0, vmax=1, extent=(-ends, ends, ends, -ends)
        )
        axis.plot(0, 0, "s", markersize=5, markerfacecolor="none", markeredgecolor="black")
        axis.set_title(f"{name}: right at {right.sum()}", fontsize=9)
        axis.set(xticks=(-REACH, 0, REACH), yticks=(-REACH, 0, REACH), xlabel="pixels to the right")
        axis.tick_params(labelsize=8)
    maps[0].set_ylabel("pixels down")
    return figure
