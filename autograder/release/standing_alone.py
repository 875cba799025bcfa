"""What a released notebook carries with it, so that it works wherever it is opened: its figures, and a cell that
installs the course where that is missing. What the instructor's programs left in it stays behind.
"""

from __future__ import annotations

import base64
import mimetypes
import re
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Unicode

from autograder.files import portable_bytes

FIGURES = "figures"
INSTALL = "install"  # the id of the cell that installs the course
MAX_BYTES = 2_000_000  # of a released notebook; GitHub shows none that is much larger

_PICTURE = re.compile(rf"!\[([^\]]*)\]\(({FIGURES}/[^)\s]+)\)")
_NOTEBOOK_KEYS = ("kernelspec", "language_info")
_CELL_KEYS = ("nbgrader", "course", "tags", "jupyter", "deletable", "editable")


class StandAlone(NbGraderPreprocessor):
    """Makes of each notebook that is released a file that needs no other: nbgrader_config.py names it."""

    address = Unicode("", help="what pip installs where the course is missing, as the students' zip on the web").tag(
        config=True
    )

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """nbconvert calls this with each notebook that is released.

        Raises:
            ValueError: a figure is missing, or the notebook gets too large.
        """
        strip(nb)
        embed_figures(nb, Path(resources["metadata"]["path"]))
        first = next((place for place, cell in enumerate(nb.cells) if cell.cell_type == "code"), len(nb.cells))
        nb.cells.insert(first, install_cell(self.address))
        return nb, resources


def strip(notebook: NotebookNode) -> None:
    """Drop the metadata that a program left: states of widgets, times, folded outputs, a kernel's version."""
    notebook.metadata = {key: value for key, value in notebook.metadata.items() if key in _NOTEBOOK_KEYS}
    if "language_info" in notebook.metadata:
        notebook.metadata.language_info = {"name": notebook.metadata.language_info["name"]}
    for cell in notebook.cells:
        cell.metadata = {key: value for key, value in cell.metadata.items() if key in _CELL_KEYS}


def embed_figures(notebook: NotebookNode, folder: Path) -> None:
    """Put each picture of ``figures/`` into the text that shows it, as a ``data:`` address.

    JupyterLab shows no SVG picture that is a cell's attachment.

    Args:
        notebook: changed in place.
        folder: where the notebook and its ``figures/`` lie.

    Raises:
        ValueError: a figure is not there, or the notebook gets larger than `MAX_BYTES`.
    """

    def embedded(match: re.Match) -> str:
        words, name = match.groups()
        path = folder / name
        if not path.is_file():
            raise ValueError(f"{name} is missing in {folder.name}/: put the file there, or take the picture out")
        return f"![{words}]({address_of(path)})"

    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = _PICTURE.sub(embedded, cell.source)
    size = sum(len(cell.source) for cell in notebook.cells)
    if size > MAX_BYTES:
        raise ValueError(
            f"{folder.name} has {size:,} characters with its figures, {MAX_BYTES:,} at most: smaller figures"
        )


def address_of(picture: Path) -> str:
    """A picture's file as a ``data:`` address."""
    kind, _ = mimetypes.guess_type(picture.name)
    return f"data:{kind};base64,{base64.b64encode(portable_bytes(picture)).decode()}"


def install_cell(address: str) -> NotebookNode:
    """The cell that installs the course from `address` where it is missing; without an address it says what to do."""
    if address:
        missing = f"%pip install --quiet {address}"
    else:
        missing = 'raise ModuleNotFoundError("the course is not installed here: see its README")'
    lines = [
        "# Installs the course where it is missing, as on Colab and Kaggle. Elsewhere it does nothing.",
        "import importlib.util",
        "",
        'if importlib.util.find_spec("course_utils") is None:',
        f"    {missing}",
    ]
    return new_code_cell("\n".join(lines), id=INSTALL, metadata={"jupyter": {"source_hidden": True}})
