"""The result of `trace_shapes`: rows, where the model fails, and how both look in a notebook and in a terminal."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from course_utils.shapes.formulas import Shape
from course_utils.tables import Table

Shapes = Shape | tuple[Shape, ...]

_COLUMNS = ("layer", "type", "input", "output", "parameters", "arithmetic")


@dataclass(frozen=True)
class Row:
    """One layer, or one function that changes a shape or joins tensors.

    `name` is the layer's path in the model; for a function, the path of the module whose `forward` calls it. `input`
    and `output` are a shape, or a tuple of shapes where there are several tensors. `parameters` counts the layer's
    weights and biases, each in the first row that has it. The last rows are for parameters that no layer used, as a
    model's own `nn.Parameter`; they have no shapes, but None.

    >>> from torch import nn
    >>> from course_utils.shapes import trace_shapes
    >>> row = trace_shapes(nn.Sequential(nn.Conv2d(1, 8, 5)), (1, 1, 28, 28)).rows[0]
    >>> row.kind, row.output, row.parameters  # 8 * (5 * 5 + 1) of them
    ('Conv2d', (1, 8, 24, 24), 208)
    """

    name: str
    kind: str
    input: Shapes | None
    output: Shapes | None
    parameters: int
    arithmetic: str


@dataclass(frozen=True)
class Failure:
    """Where a model stops, why, and at most two fixes, each tried and found to work.

    `error` is what PyTorch raised; ``raise table.failed.error`` shows its traceback.

    >>> from torch import nn
    >>> from course_utils.shapes import trace_shapes
    >>> table = trace_shapes(nn.Sequential(nn.Flatten(), nn.Linear(100, 10)), (1, 1, 28, 28))
    >>> print(table.failed)
    Stopped at `1` (Linear): Linear expects 100 features (in_features=100); Flatten gives 1*28*28 = 784
    What helps (tried on a copy):
      - in_features=784 in `1`: nn.Linear(784, 10)
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
    shapes, or None if it failed; `remark` says so if there is no tensor in it. `parameters` counts the whole model,
    each parameter once.

    >>> from torch import nn
    >>> from course_utils.shapes import trace_shapes
    >>> table = trace_shapes(nn.Sequential(nn.Flatten(), nn.Linear(784, 10)), (1, 1, 28, 28))
    >>> table.output, table.parameters  # 784 * 10 + 10 of them
    ((1, 10), 7850)
    >>> table
    layer  type     input           output    parameters  arithmetic
    -----  -------  --------------  --------  ----------  -----------------------
    0      Flatten  (1, 1, 28, 28)  (1, 784)              1*28*28 = 784
    1      Linear   (1, 784)        (1, 10)        7,850  784 features in, 10 out
    Shapes on the way: input (1, 1, 28, 28), output (1, 10), 7,850 parameters
    """

    input: Shape
    rows: tuple[Row, ...]
    output: Shapes | None
    parameters: int
    failed: Failure | None
    remark: str = ""

    def __str__(self) -> str:
        return "\n".join([self._table().to_text(), *self._remarks(), *([str(self.failed)] if self.failed else [])])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        html = self._table().to_html() + "".join(f"<p>{escape(remark)}</p>" for remark in self._remarks())
        if self.failed:
            html += f"<p><strong>{escape(self.failed.headline)}</strong></p>"
        if self.failed and self.failed.fixes:
            items = "".join(f"<li>{escape(fix)}</li>" for fix in self.failed.fixes)
            html += f"<p>{escape(self.failed.offer)}</p><ul>{items}</ul>"
        return html

    def _table(self) -> Table:
        lines = [
            (r.name, r.kind, _text(r.input), _text(r.output), f"{r.parameters:,}" if r.parameters else "", r.arithmetic)
            for r in self.rows
        ]
        if self.failed:
            lines.append((self.failed.name, self.failed.kind, _text(self.failed.input), "fails here", "", "see below"))
        way = "no output" if self.output is None or self.remark else f"output {_text(self.output)}"
        caption = f"Shapes on the way: input {_text(self.input)}, {way}, {self.parameters:,} parameters"
        return Table(_COLUMNS, lines, caption, numbers=("parameters",), marked=len(self.rows) if self.failed else None)

    def _remarks(self) -> list[str]:
        if self.remark:
            return [self.remark]
        if self.output and self.input and isinstance(self.output[0], int) and self.output[0] != self.input[0]:
            return [
                f"Axis 0 was {self.input[0]} and is {self.output[0]}: usually it counts the images all the way. "
                "Is the batch dimension missing, or does a view, reshape or flatten mix the images?"
            ]
        return []


def title(name: str, kind: str) -> str:
    """How a sentence calls a layer, or a function called in the layer `name`."""
    return f"`{name}` ({kind})" if name else kind


def _text(shapes: Shapes | None) -> str:
    if shapes is None:
        return ""
    return ", ".join(map(str, shapes)) if shapes and isinstance(shapes[0], tuple) else str(shapes)
