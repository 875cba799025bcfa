"""What each unit of a tensor can see of the input, and how that moves through a network.

Two answers are kept side by side, separately for each spatial axis (height, width):

- the **recurrence** (Araujo, Norris and Sim, "Computing Receptive Fields of Convolutional Neural Networks",
  Distill 2019): unit ``i`` sees the pixels from ``jump * i + first`` to ``jump * i + last``. It does not
  know about borders.
- the **masks**: for each unit, exactly the pixels that reach it. A mask is a Python integer whose bit ``p``
  stands for pixel ``p``, so that ``|`` joins what two units see.

The masks are exact because a window acts on each axis by itself: what a unit sees is a row mask times a
column mask, as long as there is one path. Where paths meet it is a sum of such products (`Field.terms`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

Masks = tuple[int, ...]


class ReceptiveFieldError(ValueError):
    """The receptive field of this model cannot be given. The message says why and what to do.

    >>> from torch import nn
    >>> from course_utils.receptive_field import receptive_field
    >>> model = nn.Sequential(nn.Conv2d(1, 4, 3), nn.Upsample(scale_factor=2))
    >>> receptive_field(model, (1, 8, 8))  # doctest: +NORMALIZE_WHITESPACE
    Traceback (most recent call last):
        ...
    course_utils.receptive_field.pixel_masks.ReceptiveFieldError: 1 (Upsample): upsample_nearest2d is not supported:
        its units may lie at fractions of the steps of its input, and there is no rule for that
    """


class Factor(NamedTuple):
    """A part of a tensor's dimension: its size, and the input axis it runs along (None: batch or channels)."""

    size: int
    axis: int | None


Dimension = tuple[Factor, ...]
"""Usually one factor. After a flatten one dimension holds several: channels, height, width."""


@dataclass(frozen=True)
class Axis:
    """The recurrence along one axis, in pixels of the input.

    Attributes:
        pixels: size of the input along this axis.
        jump: pixels from one unit's window to the next one's; 0 when all units share one window, None when the
            steps are unequal (adaptive pooling to a size that does not divide evenly).
        first, last: first and last pixel of the window of unit 0, borders ignored.
        everything: the units were mixed without a window (global pooling, linear layer), so each sees all.
    """

    pixels: int
    jump: int | None
    first: int
    last: int
    everything: bool = False

    def slide(self, stride: int, first: int, last: int) -> Axis:
        """Unit ``i`` of the result looks at the units ``stride * i + first`` to ``stride * i + last`` of this one."""
        if self.jump is None:
            return self
        if self.everything:
            return replace(self, jump=self.jump * stride)
        return Axis(self.pixels, self.jump * stride, self.first + self.jump * first, self.last + self.jump * last)

    def see_everything(self) -> Axis:
        """All units mixed: one window, the whole input."""
        return Axis(self.pixels, 0, 0, self.pixels - 1, everything=True)


@dataclass(frozen=True)
class Field:
    """What the units of one tensor see.

    Attributes:
        dims: for each dimension of the tensor, what it runs along.
        axes: the recurrence, for each axis of the input.
        terms: each term holds, for each axis, one mask per unit along it. The unit at (i, j) sees the pixels
            ``rows[i] x columns[j]`` of every term. An axis that no dimension runs along has a single mask.
        mixed: the channels differ in what they see (a concatenation); the masks are of all channels together.
    """

    dims: tuple[Dimension, ...]
    axes: tuple[Axis, ...]
    terms: tuple[tuple[Masks, ...], ...]
    mixed: bool = False

    @property
    def grid(self) -> tuple[int, ...]:
        """Number of units along each axis."""
        return tuple(len(masks) for masks in self.terms[0])

    def axis_of(self, dim: int) -> int | None:
        """The axis that dimension `dim` runs along, None if it is channels or batch."""
        axes = _axes(self.dims[dim])
        if len(axes) > 1 or (axes and math.prod(f.size for f in self.dims[dim]) != self.grid[axes[0]]):
            raise ReceptiveFieldError(
                "it works along a dimension that a flatten or reshape before put together from several, where rows and "
                "columns are no longer told apart; move the flatten behind it"
            )
        return axes[0] if axes else None

    def look(self, axis: int, sources: Sequence[Iterable[int]], geometry: Axis) -> Field:
        """Unit ``i`` of the result sees what the units ``sources[i]`` of this one see together."""
        terms = [
            (*term[:axis], tuple(_union(term[axis][j] for j in js) for js in sources), *term[axis + 1 :])
            for term in self.terms
        ]
        axes = (*self.axes[:axis], geometry, *self.axes[axis + 1 :])
        return replace(self, axes=axes, terms=_joined(terms))

    def slide(self, dim: int, sources: Sequence[Iterable[int]], stride: int, first: int, last: int) -> Field:
        """A window moves along dimension `dim`; see `look` for the masks and `Axis.slide` for the recurrence."""
        axis = self.axis_of(dim)
        moved = self.with_dim(dim, (Factor(len(sources), axis),))
        if axis is None:
            return moved
        return moved.look(axis, sources, self.axes[axis].slide(stride, first, last))

    def mix(self, dim: int, size: int) -> Field:
        """Every unit of the result sees the whole dimension `dim`, which becomes `size` channels."""
        field = self
        for axis in _axes(self.dims[dim]):
            if self.grid[axis] > 1:  # mixing a single unit changes nothing
                field = field.look(axis, [range(self.grid[axis])], self.axes[axis].see_everything())
        return field.with_dim(dim, (Factor(size, None),))

    def uneven(self, axis: int) -> Field:
        """The same without a recurrence along `axis`: its units lie at unequal steps."""
        geometry = replace(self.axes[axis], jump=None)
        return replace(self, axes=(*self.axes[:axis], geometry, *self.axes[axis + 1 :]))

    def with_dim(self, dim: int, dimension: Dimension) -> Field:
        """The same with dimension `dim` replaced."""
        dims = list(self.dims)
        dims[dim] = dimension
        return replace(self, dims=tuple(dims))


def input_field(shape: Sequence[int], spatial: int) -> Field:
    """The field of the input itself: each pixel sees itself. The last `spatial` dimensions are the axes."""
    channels = len(shape) - spatial
    dims = tuple((Factor(size, d - channels if d >= channels else None),) for d, size in enumerate(shape))
    axes = tuple(Axis(size, jump=1, first=0, last=0) for size in shape[channels:])
    return Field(dims, axes, (tuple(tuple(1 << p for p in range(axis.pixels)) for axis in axes),))


def meet(fields: Sequence[Field], dims: tuple[Dimension, ...]) -> Field:
    """The field of a tensor with dimensions `dims` whose units see what the units of all `fields` see.

    Along an axis where a field has one unit and the result has more, that unit is repeated (broadcasting).

    Raises:
        ReceptiveFieldError: the fields disagree on the jump, so that no recurrence describes their sum.
    """
    grid = [1] * len(fields[0].axes)
    for factor in (factor for dimension in dims for factor in dimension if factor.axis is not None):
        grid[factor.axis] = factor.size
    axes = []
    for axis, units in enumerate(grid):
        geometries = [
            field.axes[axis] if field.grid[axis] == units else field.axes[axis].see_everything() for field in fields
        ]
        axes.append(_met(geometries, axis))
    terms = [
        tuple(masks if len(masks) == n else masks * n for masks, n in zip(term, grid, strict=True))
        for field in fields
        for term in field.terms
    ]
    return Field(dims, tuple(axes), _joined(terms), mixed=any(field.mixed for field in fields))


def broadcast(fields: Sequence[Field], shape: Sequence[int]) -> tuple[Dimension, ...]:
    """The dimensions of the tensor of `shape` that an elementwise operation on `fields` gives.

    Raises:
        ReceptiveFieldError: rows of one map would meet columns of another, or flattened maps in another order.
    """
    dims = []
    for back in range(len(shape), 0, -1):
        found = [field.dims[-back] for field in fields if len(field.dims) >= back]
        found = [dim for dim in found if math.prod(f.size for f in dim) == shape[-back]]
        spatial = {tuple(f for f in dim if f.size > 1 or f.axis is not None): dim for dim in found if _axes(dim)}
        if len(spatial) > 1:
            raise ReceptiveFieldError(
                "it joins maps whose dimensions run along the axes of the input in different ways (rows meet columns, "
                "or maps flattened in another order); bring them into the same order before"
            )
        dims.append(next(iter([*spatial.values(), *found]), (Factor(shape[-back], None),)))
    used = [axis for dim in dims for axis in _axes(dim)]
    if len(used) != len(set(used)):
        raise ReceptiveFieldError(
            "two dimensions of its result run along the same axis of the input (rows meet columns, or a map meets "
            "itself in another order); bring the maps into the same order before"
        )
    return tuple(dims)


def refold(dims: Sequence[Dimension], shape: Sequence[int]) -> tuple[Dimension, ...]:
    """The dimensions after a reshape to `shape`: flattened, unflattened, or channels split into groups.

    Raises:
        ReceptiveFieldError: the reshape cuts rows or columns into pieces.
    """
    rest = [factor for dim in dims for factor in dim]
    result: list[Dimension] = []
    for size in shape:
        dim: list[Factor] = []
        missing = size
        while missing > 1 or (not dim and rest and rest[0].size == 1):
            factor = rest.pop(0)
            if missing % factor.size == 0:
                dim.append(factor)
                missing //= factor.size
            elif factor.axis is None and factor.size % missing == 0:
                dim.append(Factor(missing, None))
                rest.insert(0, Factor(factor.size // missing, None))
                missing = 1
            else:
                what = "channels" if factor.axis is None else "rows or columns"
                raise ReceptiveFieldError(
                    f"the reshape to {tuple(shape)} cuts the {what} of a map into pieces (as for patches), so that its "
                    "units no longer lie on one grid"
                )
        result.append(tuple(dim))
    if rest:  # factors of size 1 that are left stay with the last dimension
        result[-1] = (*result[-1], *rest)
    return tuple(result)


def _met(geometries: Sequence[Axis], axis: int) -> Axis:
    """The recurrence of units that see what units of several maps see: jumps agree, windows join."""
    pixels = geometries[0].pixels
    jumps = {g.jump for g in geometries if not (g.everything and g.jump == 0)}
    if len(jumps) > 1:
        numbers = " and ".join("unequal steps" if jump is None else str(jump) for jump in sorted(jumps, key=str))
        raise ReceptiveFieldError(
            f"the branches that meet here disagree on the jump along axis {axis} of the input: {numbers}. Their units "
            "lie over different pixels, so no receptive field is common to them. Give the branches the same strides"
        )
    jump = jumps.pop() if jumps else 0
    if any(g.everything for g in geometries):
        return Axis(pixels, jump, 0, pixels - 1, everything=True)
    return Axis(pixels, jump, min(g.first for g in geometries), max(g.last for g in geometries))


def _joined(terms: Iterable[tuple[Masks, ...]]) -> tuple[tuple[Masks, ...], ...]:
    """Join the terms that see nothing (only padding) at the same units.

    Joining row masks and column masks by themselves gives a larger set of pixels, but the same first and last
    row and column, as long as both terms are empty at the same places. So there are few terms, and exact bounds.
    """
    by_gaps: dict[tuple, tuple[Masks, ...]] = {}
    for term in terms:
        gaps = tuple(tuple(mask == 0 for mask in masks) for masks in term)
        other = by_gaps.get(gaps, term)
        by_gaps[gaps] = tuple(
            tuple(a | b for a, b in zip(mine, its, strict=True)) for mine, its in zip(term, other, strict=True)
        )
    return tuple(by_gaps.values())


def _union(masks: Iterable[int]) -> int:
    union = 0
    for mask in masks:
        union |= mask
    return union


def _axes(dimension: Dimension) -> list[int]:
    return [factor.axis for factor in dimension if factor.axis is not None]
