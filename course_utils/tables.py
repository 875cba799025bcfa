"""A table for people: text in a terminal, HTML in a notebook and on a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import escape


@dataclass(frozen=True)
class Table:
    """Cells under headings, with a caption that says what they are.

    >>> from course_utils.tables import Table
    >>> table = Table(("layer", "parameters"), [("conv", "80"), ("fc", "7,850")], "two layers", numbers=("parameters",))
    >>> print(table.to_text())
    layer  parameters
    -----  ----------
    conv           80
    fc          7,850
    two layers
    >>> table.to_html().startswith('<table class="table"><caption')
    True

    Attributes:
        columns: the headings.
        rows: the cells, row by row. In HTML they are escaped, unless they are `markupsafe.Markup`.
        caption: what the table holds; beneath it in both forms, and read out first by a screen reader.
        numbers: headings of columns that hold numbers: they stand to the right.
        marked: place of a row that stands out, or None.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    caption: str
    numbers: Sequence[str] = ()
    marked: int | None = None

    def to_text(self) -> str:
        """Aligned columns, the headings underlined, the caption in the last line."""
        lines = [self.columns, *self.rows]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        text = [
            "  ".join(
                cell.rjust(width) if name in self.numbers else cell.ljust(width)
                for cell, width, name in zip(line, widths, self.columns, strict=True)
            ).rstrip()
            for line in lines
        ]
        text.insert(1, "  ".join("-" * width for width in widths))
        return "\n".join([*text, self.caption])

    def to_html(self) -> str:
        """One line of HTML. It has no colours: the page's theme, light or dark, gives them."""
        head = "".join(self._cell("th", name, name, ' scope="col"') for name in self.columns)
        body = ""
        for place, row in enumerate(self.rows):
            style = ' style="font-weight: bold; outline: 2px solid currentColor"' if place == self.marked else ""
            cells = (self._cell("td", cell, name) for cell, name in zip(row, self.columns, strict=True))
            body += f"<tr{style}>{''.join(cells)}</tr>"
        beneath = "caption-side: bottom; text-align: left; padding: 0.4em 0.5em"
        caption = f'<caption style="{beneath}">{escape(self.caption)}</caption>'
        return f'<table class="table">{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'

    def _cell(self, tag: str, content: str, column: str, attributes: str = "") -> str:
        side = "right" if column in self.numbers else "left"
        return f'<{tag}{attributes} style="text-align: {side}">{escape(content)}</{tag}>'
