"""The result of `receptive_field`: a row for each layer, and the table of all rows."""

from __future__ import annotations

import html
import operator
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from course_utils.receptive_field.pixel_masks import Field, Masks, ReceptiveFieldError
from course_utils.tables import Table

Bounds = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class LayerField:
    """What the units of one layer see. Pairs are (height, width); 1-tuples and triples for 1-d and 3-d models.

    A unit is one place of the output map, all its channels together.

    >>> from torch import nn
    >>> from course_utils.receptive_field import receptive_field
    >>> fields = receptive_field(nn.Sequential(nn.Conv2d(1, 4, 3), nn.MaxPool2d(2)), (1, 28, 28))
    >>> fields[-1].size, fields[-1].jump  # windows of 3 + (2 - 1) pixels, 2 pixels apart
    ((4, 4), (2, 2))
    >>> fields[-1].bounds((0, 1))  # rows 0 to 3, columns 2 to 5
    ((0, 3), (2, 5))

    Attributes:
        layer: name of the layer, as in ``model.named_modules()``; operations inside a ``forward`` have the
            module they stand in as prefix.
        kind: class of the layer or name of the operation.
        output_shape: shape of the output, without the batch if the input was given without.
        size: size of the window in pixels, borders ignored; the input's size once all positions were mixed.
        jump: pixels from one unit's window to the next one's. 0: all units share one window. None: the
            steps are unequal (adaptive pooling to a size that does not divide evenly).
        center: middle of the window of the first unit, in pixels counted from 0; negative where padding moves
            it out of the input.
    """

    layer: str
    kind: str
    output_shape: tuple[int, ...]
    size: tuple[int, ...]
    jump: tuple[int | None, ...]
    center: tuple[float | None, ...]
    _field: Field = field(repr=False)

    @classmethod
    def of(cls, layer: str, kind: str, output_shape: Sequence[int], seen: Field) -> LayerField:
        """The row for a layer whose output has the field `seen`."""
        size = tuple(
            _largest(masks[a] for masks in seen.terms) if axis.jump is None else axis.last - axis.first + 1
            for a, axis in enumerate(seen.axes)
        )
        center = tuple(None if axis.jump is None else (axis.first + axis.last) / 2 for axis in seen.axes)
        jump = tuple(axis.jump for axis in seen.axes)
        return cls(layer, kind, tuple(output_shape), size, jump, center, seen)

    @property
    def grid(self) -> tuple[int, ...]:
        """Number of units along each axis; 1 where all positions were mixed into one."""
        return self._field.grid

    @property
    def sees_everything(self) -> bool:
        """Whether all positions were mixed (global pooling, linear layer), so that there is no window."""
        return any(axis.everything for axis in self._field.axes)

    def bounds(self, index: Sequence[int], clip: bool = True) -> Bounds | None:
        """First and last pixel that the unit at `index` sees, inclusive, along each axis.

        Args:
            index: (row, column) of the unit; one number per axis of the input. Where all positions were mixed
                into one unit it is (0, 0).
            clip: True for exactly what the unit can see, with borders, padding inside the network and pixels
                that strides skip taken into account. Pixels between the first and the last may be unseen
                (dilation). False for the window of the recurrence, which ignores borders and so may reach
                out of the input.

        Returns:
            ((top, bottom), (left, right)), or None if the unit sees nothing but padding (only with `clip`).

        Raises:
            IndexError: there is no such unit.
            ReceptiveFieldError: `clip` is False and the units lie at unequal steps, so that no recurrence exists.
        """
        index = self._checked(index)
        if clip:
            return self._seen(index)
        if None in self.jump:
            raise ReceptiveFieldError(
                f"{self.layer} ({self.kind}): its units lie at unequal steps (adaptive pooling to a size that does not "
                "divide evenly), so there is no unclipped window; use clip=True"
            )
        return tuple(
            (axis.first, axis.last) if axis.everything else (axis.jump * i + axis.first, axis.jump * i + axis.last)
            for axis, i in zip(self._field.axes, index, strict=True)
        )

    @cached_property
    def spans(self) -> tuple[tuple[tuple[tuple[int, int] | None, ...], ...], ...]:
        """What `bounds` says of all units at once, exactly: first and last pixel of each unit along each axis.

        ``spans[term][axis][unit]`` is None where the unit sees nothing but padding. Most layers have one term. Where
        branches met whose units see nothing at different places there are several: a unit's bounds then go from the
        smallest first to the largest last pixel of the terms that have no None for it.
        """
        return tuple(
            tuple(tuple(_span(mask) if mask else None for mask in masks) for masks in term)
            for term in self._field.terms
        )

    def _seen(self, index: tuple[int, ...]) -> Bounds | None:
        paths = [[units[i] for units, i in zip(term, index, strict=True)] for term in self.spans]
        spans = [path for path in paths if all(path)]
        if not spans:
            return None
        return tuple((min(s[0] for s in along), max(s[1] for s in along)) for along in zip(*spans, strict=True))

    def _checked(self, index: Sequence[int]) -> tuple[int, ...]:
        index = (index,) if isinstance(index, int) else tuple(operator.index(i) for i in index)
        if len(index) != len(self.grid) or not all(0 <= i < n for i, n in zip(index, self.grid, strict=True)):
            raise IndexError(
                f"{self.layer} ({self.kind}) has no unit {index}: its units form a grid of {_times(self.grid)}; give "
                f"{len(self.grid)} numbers, counted from 0"
            )
        return index


@dataclass(frozen=True)
class ReceptiveFields(Sequence):
    """The rows of `receptive_field`, one for each layer in the order of the forward pass. Renders as a table.

    ``fields[3]`` and ``fields[-1]`` give a row by its place, ``fields["features.0"]`` by its layer's name.

    >>> from torch import nn
    >>> from course_utils.receptive_field import receptive_field
    >>> fields = receptive_field(nn.Sequential(nn.Conv2d(1, 4, 3), nn.Conv2d(4, 4, 3)), (1, 28, 28))
    >>> [(field.layer, field.size) for field in fields]
    [('0', (3, 3)), ('1', (5, 5))]
    >>> fields["1"] is fields[-1]
    True

    Attributes:
        rows: the rows.
        input_size: (height, width) of the input.
        notes: what the reader must know where the field that is counted is not the whole truth.
    """

    rows: tuple[LayerField, ...]
    input_size: tuple[int, ...]
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[LayerField]:
        return iter(self.rows)

    def __getitem__(self, key: int | slice | str) -> Any:
        if not isinstance(key, str):
            return self.rows[key]
        for row in self.rows:
            if row.layer == key:
                return row
        # A block such as "layer4" has no row of its own: it is what its last layer gives.
        inside = [row for row in self.rows if row.layer.startswith(f"{key}.")]
        if inside:
            return inside[-1]
        raise KeyError(f"no layer {key!r}; there are: {', '.join(row.layer for row in self.rows)}")

    def __str__(self) -> str:
        return "\n".join([self._table().to_text(), *self.notes])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return self._table().to_html() + "".join(f"<p>{html.escape(note)}</p>" for note in self.notes)

    def _table(self) -> Table:
        caption = f"Receptive fields; the input has {_times(self.input_size)} pixels"
        return Table(_COLUMNS, [_cells(row) for row in self.rows], caption)


_COLUMNS = ("layer", "kind", "output", "size", "jump", "center")


def _cells(row: LayerField) -> tuple[str, ...]:
    return (
        row.layer,
        row.kind,
        _times(row.output_shape),
        _times(row.size) + (" (everything)" if row.sees_everything else ""),
        _times(row.jump),
        ", ".join("–" if c is None else f"{c:g}" for c in row.center),
    )


def _times(numbers: Sequence[int | None]) -> str:
    return "×".join("–" if n is None else str(n) for n in numbers)


def _span(mask: int) -> tuple[int, int]:
    """First and last pixel of a mask that is not empty."""
    return (mask & -mask).bit_length() - 1, mask.bit_length() - 1


def _largest(terms: Iterable[Masks]) -> int:
    """Pixels from the first to the last that a unit sees, for the unit that sees most."""
    spans = [_span(mask) for masks in terms for mask in masks if mask]
    return max((last - first + 1 for first, last in spans), default=0)
