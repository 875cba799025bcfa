"""The result of `trace_shapes`: rows, where the model fails, and how both look in a notebook and in a terminal."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from course_utils.shapes.formulas import Shape

Shapes = Shape | tuple[Shape, ...]

_HEADER = ("layer", "type", "input", "output", "parameters", "arithmetic")
_COUNT = _HEADER.index("parameters")


@dataclass(frozen=True)
class Row:
    """One layer, or one function that changes a shape or joins tensors.

    `name` is the layer's path in the model; for a function, the path of the module whose `forward` calls it. `input`
    and `output` are a shape, or a tuple of shapes where there are several tensors. `parameters` counts the layer's
    own weights and biases; a layer that is used twice is counted in both rows.
    """

    name: str
    kind: str
    input: Shapes
    output: Shapes
    parameters: int
    arithmetic: str


@dataclass(frozen=True)
class Failure:
    """Where a model stops, why, and at most two fixes, each tried and found to work.

    `error` is what PyTorch raised; ``raise table.failed.error`` shows its traceback.
    """

    name: str
    kind: str
    input: Shapes
    reason: str
    fixes: tuple[str, ...]
    error: Exception

    @property
    def headline(self) -> str:
        """Where and why, in one line."""
        return f"Stopped at {title(self.name, self.kind)}: {self.reason}"

    @property
    def offer(self) -> str:
        """The line above the fixes."""
        return "What helps (tried on a copy):" if len(self.fixes) == 1 else "Either one helps (tried on a copy):"

    def __str__(self) -> str:
        return "\n".join([self.headline, *([self.offer] if self.fixes else []), *(f"  - {m}" for m in self.fixes)])


@dataclass(frozen=True, repr=False)
class ShapeTable:
    """The rows of a trace: a table in Jupyter, text in a terminal.

    `failed` is None, or a `Failure` where the model stops. `output` is what the model returns: a shape, a tuple of
    shapes, or None if it failed. `parameters` counts the whole model, each parameter once.
    """

    input: Shape
    rows: tuple[Row, ...]
    output: Shapes | None
    parameters: int
    failed: Failure | None

    def __str__(self) -> str:
        lines = [_HEADER, *self._cells()]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        text = [
            "  ".join(
                cell.rjust(width) if i == _COUNT else cell.ljust(width)
                for i, (cell, width) in enumerate(zip(line, widths, strict=True))
            ).rstrip()
            for line in lines
        ]
        text.insert(1, "  ".join("-" * width for width in widths))
        return "\n".join([*text, *self._remarks(), *([str(self.failed)] if self.failed else [])])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        # No colours: the notebook's theme, light or dark, gives them.
        head = "".join(f'<th scope="col" style="{_align(i)}">{name}</th>' for i, name in enumerate(_HEADER))
        body = ""
        for row, line in enumerate(self._cells()):
            style = ' style="font-weight: bold; outline: 2px solid currentColor"' if row == len(self.rows) else ""
            cells = "".join(f'<td style="{_align(i)}">{escape(cell)}</td>' for i, cell in enumerate(line))
            body += f"<tr{style}>{cells}</tr>"
        html = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        html += "".join(f"<p>{escape(remark)}</p>" for remark in self._remarks())
        if self.failed:
            html += f"<p><strong>{escape(self.failed.headline)}</strong></p>"
        if self.failed and self.failed.fixes:
            items = "".join(f"<li>{escape(fix)}</li>" for fix in self.failed.fixes)
            html += f"<p>{escape(self.failed.offer)}</p><ul>{items}</ul>"
        return html

    def _cells(self) -> list[tuple[str, ...]]:
        lines = [
            (r.name, r.kind, _text(r.input), _text(r.output), f"{r.parameters:,}" if r.parameters else "", r.arithmetic)
            for r in self.rows
        ]
        if self.failed:
            lines.append((self.failed.name, self.failed.kind, _text(self.failed.input), "fails here", "", "see below"))
        return lines

    def _remarks(self) -> list[str]:
        way = "no output" if self.output is None else f"output {_text(self.output)}"
        remarks = [f"input {_text(self.input)}, {way}, {self.parameters:,} parameters"]
        if self.output and self.input and isinstance(self.output[0], int) and self.output[0] != self.input[0]:
            remarks.append(
                f"Axis 0 was {self.input[0]} and is {self.output[0]}: it should count the images all the way. "
                "Is the batch dimension missing, or does a view, reshape or flatten mix the images?"
            )
        return remarks


def title(name: str, kind: str) -> str:
    """How a sentence calls a layer, or a function called in the layer `name`."""
    return f"`{name}` ({kind})" if name else kind


def _align(column: int) -> str:
    return "text-align: right" if column == _COUNT else "text-align: left"


def _text(shapes: Shapes) -> str:
    return ", ".join(map(str, shapes)) if shapes and isinstance(shapes[0], tuple) else str(shapes)
