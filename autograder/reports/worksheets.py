"""A learning management system's own CSV file, filled in some fields and otherwise the same."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

BOM = "\ufeff"


@dataclass
class Worksheet:
    """The rows of a CSV file, and how it was written.

    Args:
        rows: the first has the names of the columns.
    """

    name: str
    rows: list[list[str]]
    delimiter: str
    line_end: str
    bom: bool
    all_quoted: bool

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""
        return [name.strip() for name in self.rows[0]]

    def column(self, *names: str) -> int | None:
        """The place of the first of these columns that is there."""
        found = [name.casefold() for name in self.columns]
        return next((found.index(name.casefold()) for name in names if name.casefold() in found), None)

    def demanded(self, *names: str) -> int:
        """As `column`.

        Raises:
            ValueError: none of them is there.
        """
        place = self.column(*names)
        if place is None:
            missing, there = " or ".join(map(repr, names)), ", ".join(map(repr, self.columns))
            raise ValueError(
                f"{self.name} has no column {missing}; it has {there}. Is it the right file, downloaded in English?"
            )
        return place

    def text(self) -> str:
        """The file's text."""
        buffer = io.StringIO()
        quoting = csv.QUOTE_ALL if self.all_quoted else csv.QUOTE_MINIMAL
        csv.writer(buffer, delimiter=self.delimiter, lineterminator=self.line_end, quoting=quoting).writerows(self.rows)
        return (BOM if self.bom else "") + buffer.getvalue()


def read_worksheet(path: Path) -> Worksheet:
    """Read a CSV file.

    Raises:
        ValueError: it is no text in UTF-8, or empty.
        OSError: it cannot be read.
    """
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        raise ValueError(f"{path.name} is not text in UTF-8: download it as CSV once more") from None
    bom, text = text.startswith(BOM), text.removeprefix(BOM)
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    if not rows or not any(rows[0]):
        raise ValueError(f"{path.name} is empty")
    for row in rows:  # a line that ends early has empty fields
        row += [""] * (len(rows[0]) - len(row)) * bool(row)
    quoted = first.startswith('"') and all(part.strip().endswith('"') for part in first.split(f'"{delimiter}'))
    return Worksheet(path.name, rows, delimiter, "\r\n" if "\r\n" in text else "\n", bom, quoted)
