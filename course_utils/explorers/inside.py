"""The explorer of a network's inside: maps, kernels, what a pixel reads, and what a logit hangs on.

The page computes for itself in ``pages/inside.js``; here the network is checked and written down.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import torch
from torch import nn

from course_utils.explorers import inside_still
from course_utils.explorers.explorer import Explorer
from course_utils.explorers.network import Node, nodes, packed
from course_utils.model_copies import working_copy
from course_utils.receptive_field import receptive_field

MAX_IMAGES = 12
SIDES = (8, 32)  # least and most rows and columns of a picture
MAX_CLASSES = 20
MAX_PARAMETERS = 70_000  # the page is sent them twice, trained and random, about a megabyte in all
MAX_PRODUCTS = 2_000_000  # of one forward pass: a frame has 16 ms, and 1.6 million took the page 12
KINDS = {
    "conv": "convolution",
    "max": "max pooling",
    "mean": "average pooling",
    "norm": "batch norm",
    "add": "sum",
    "cat": "concatenation",
    "relu": "ReLU",
    "sigmoid": "sigmoid",
    "tanh": "tanh",
}
KEEPS_THE_MAPS = ("norm", "elementwise", "max", "mean", "same")  # map k of these is made of map k before


def inside(model: nn.Module, images: torch.Tensor, labels: Sequence[int], classes: Sequence[str]) -> Explorer:
    """A trained network to look into, and a picture to paint on: the answer, the maps and their reasons follow at once.

    The page shows the maps of each layer, the kernel that made a map, and what one of its pixels reads of the picture;
    besides Grad-CAM (Selvaraju et al. 2017) behind the last convolution and its ReLU, and saliency (Simonyan et al.
    2013), for the class that is chosen. The same network with random weights is the control: a picture that looks the
    same with it shows nothing of what was learnt (Adebayo et al. 2018). It computes as PyTorch does in evaluation mode.

    >>> import torch
    >>> from torch import nn
    >>> from course_utils.explorers import inside
    >>> model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Flatten(), nn.Linear(72, 2))
    >>> explorer = inside(model, torch.zeros(1, 1, 8, 8), [0], ["shirt", "bag"])  # in a notebook to touch
    >>> repr(explorer)[:37]  # without one, in words
    'Picture 0, 8 by 8, is labelled shirt.'

    Args:
        model: ends in logits of 2 to 20 classes; of layers that `explorers.network` lists, at least one a convolution,
            with at most 70,000 parameters and 2 million products of weights for a picture. It stays as it is.
        images: (N, C, H, W), as the model takes them: 1 to 12 pictures with 1 or 3 channels, 8 to 32 rows and columns.
            They are shown from their smallest number, black, to their largest, white, and painted with these two.
        labels: (N), the number of the right class for each picture.
        classes: the name of each class.

    Raises:
        TypeError: `model` is no module.
        ValueError: the page cannot compute the model, or something is none of these.
    """
    if not isinstance(model, nn.Module):
        raise TypeError(f"model is {type(model).__name__}; expected a torch.nn.Module")
    images = _checked_images(images)
    classes = [str(name) for name in classes]
    labels = _checked_labels(labels, len(images), len(classes))
    model = working_copy(model, "cpu")
    written = _written(model, images.shape[1:], len(classes))
    layers = _layers(model, written, images.shape[1:])
    evidence = _evidence(written)
    random = _random(model)
    seen, control = (inside_still.Seen.of(one, images[0], evidence) for one in (model, random))
    state = {
        "trained": written,
        "random": nodes(random, images.shape[1:]),
        "images": packed(images),
        "size": list(images.shape[1:]),
        "labels": labels,
        "classes": classes,
        "low": images.min().item(),
        "high": images.max().item(),
        "layers": layers,
        "evidence": evidence,
    }
    place = next(k for k, layer in enumerate(layers) if layer["node"] == evidence)
    state["start"] = {"layer": place, "map": seen.map, "row": seen.row, "column": seen.column}
    text = inside_still.in_words(seen, control, state)
    draw = partial(inside_still.draw, seen, control, state)
    return Explorer("inside", state, draw, text, parts=("picture", "network", "evidence"))


def _checked_images(images: torch.Tensor) -> torch.Tensor:
    images = torch.as_tensor(images).detach().cpu().float()
    least, most = SIDES
    n, c, *sides = images.shape if images.ndim == 4 else (0, 0)
    if not (1 <= n <= MAX_IMAGES and c in (1, 3) and all(least <= side <= most for side in sides)):
        raise ValueError(
            f"images has shape {tuple(images.shape)}; expected (N, C, H, W): 1 to {MAX_IMAGES} pictures with 1 or 3 "
            f"channels, {least} to {most} rows and columns"
        )
    if not images.isfinite().all():
        raise ValueError("images has a number that is not finite: expected finite ones")
    return images


def _checked_labels(labels: Sequence[int], pictures: int, classes: int) -> list[int]:
    labels = [int(label) for label in labels]
    if not 2 <= classes <= MAX_CLASSES:
        raise ValueError(f"classes has {classes} names; expected 2 to {MAX_CLASSES}")
    if len(labels) != pictures or not all(0 <= label < classes for label in labels):
        raise ValueError(
            f"labels is {labels}; expected {pictures} numbers from 0 to {classes - 1}, one for each picture"
        )
    return labels


def _written(model: nn.Module, shape: torch.Size, classes: int) -> list[Node]:
    """The model's nodes, if the page can look into them."""
    parameters = sum(p.numel() for p in model.parameters())
    if parameters > MAX_PARAMETERS:
        raise ValueError(f"model has {parameters:,} parameters; the page has room for {MAX_PARAMETERS:,}")
    try:
        written = nodes(model, shape)
    except ValueError:
        raise
    except Exception as error:
        raise ValueError(
            f"model cannot be followed on a picture of {tuple(shape)}: {type(error).__name__}: {error}"
        ) from error
    if written[-1]["shape"] != [classes]:
        raise ValueError(
            f"model gives {tuple(written[-1]['shape'])} for a picture; expected ({classes},), a logit for each of the "
            f"{classes} names in classes"
        )
    if not any(node["kind"] == "conv" for node in written):
        raise ValueError("model has no convolution: expected one, whose maps can be looked at")
    products = sum(_products(node, written) for node in written)
    if products > MAX_PRODUCTS:
        raise ValueError(
            f"model needs {products:,} products for a picture; the page computes {MAX_PRODUCTS:,} while you paint: "
            "give smaller pictures or fewer channels"
        )
    return written


def _products(node: Node, written: list[Node]) -> int:
    """How often the node multiplies a weight."""
    numbers = [torch.Size(shape).numel() for shape in (node["shape"], *(written[k]["shape"] for k in node["of"]))]
    if node["kind"] == "conv":
        kh, kw = node["kernel"]
        return numbers[0] * kh * kw * written[node["of"][0]]["shape"][0] // node["groups"]
    return numbers[0] * numbers[1] if node["kind"] == "linear" else 0


def _layers(model: nn.Module, written: list[Node], shape: torch.Size) -> list[dict[str, Any]]:
    """Each node with maps, but for the picture and what passes it on: its name, its kernel, what its pixels read."""
    layers = []
    for number, (node, field) in enumerate(zip(written[1:], receptive_field(model, shape), strict=True), start=1):
        if len(node["shape"]) != 3 or node["kind"] == "same":
            continue
        c, *sides = node["shape"]
        kind = KINDS[node.get("function", node["kind"])]
        middle = [n // 2 for n in field.grid]
        spans = []
        for axis, side in enumerate(sides):
            # one unit stands for all of an axis whose places were mixed
            units = [min(i, field.grid[axis] - 1) for i in range(side)]
            seen = [field.bounds([*middle[:axis], i, *middle[axis + 1 :]]) for i in units]
            spans.append([bounds and list(bounds[axis]) for bounds in seen])
        label = f"{node['name']}: {kind}, {c} maps of {sides[0]}×{sides[1]}"
        kernel = _kernel(written, number)
        layers.append({"node": number, "label": label, "kernel": kernel, "rows": spans[0], "columns": spans[1]})
    return layers


def _kernel(written: list[Node], number: int) -> int | None:
    """The convolution that made the maps of a node, map for map; None where several layers meet in between."""
    node = written[number]
    if node["kind"] == "conv":
        return number
    return _kernel(written, node["of"][0]) if node["kind"] in KEEPS_THE_MAPS else None


def _evidence(written: list[Node]) -> int:
    """The node that Grad-CAM asks: the last convolution, or the norm and activation that alone follow it."""
    at = max(k for k, node in enumerate(written) if node["kind"] == "conv")
    while True:
        takers = [k for k, node in enumerate(written) if at in node["of"]]
        if len(takers) != 1 or written[takers[0]]["kind"] not in ("norm", "elementwise"):
            return at
        at = takers[0]


def _random(model: nn.Module) -> nn.Module:
    """A copy with fresh weights, the same each time."""
    fresh = working_copy(model, "cpu")
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(0)
        for module in fresh.modules():
            if hasattr(module, "reset_parameters"):
                module.reset_parameters()
    return fresh
