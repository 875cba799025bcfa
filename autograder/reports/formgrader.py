"""What the formgrader shows of a submission: nothing in it can act, and each answer in words stands below its rubric.

The formgrader's page may do whatever its reader may do in JupyterLab, so a script in a student's text could too.
"""

from __future__ import annotations

import contextlib
import html
import re
from collections.abc import Callable

import bleach
from nbconvert.filters import markdown2html
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from autograder.course.cells import nbgrader_tag

# Characters besides pictures: what is longer would keep the page waiting, and is shown as it is written.
LONGEST = 100_000
PICTURES = re.compile(r"data:image/[\w.+-]+;base64,[A-Za-z0-9+/=\s]+")
TAGS = {"a", "abbr", "b", "blockquote", "br", "caption", "center", "code", "dd", "del", "details", "div", "dl", "dt"}
TAGS |= {"em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "mark"}
TAGS |= {"ol", "p", "pre", "s", "samp", "small", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td"}
TAGS |= {"tfoot", "th", "thead", "tr", "tt", "u", "ul"}
# Without `id`: the formgrader finds its fields by theirs.
ATTRIBUTES = {"a": ["href"], "img": ["src", "alt", "width", "height"], "ol": ["start"], "details": ["open"]}
ATTRIBUTES |= {"td": ["colspan", "rowspan"], "th": ["colspan", "rowspan"]}
HIGHLIGHTED = re.compile(r"highlight|\w{1,3}")  # Pygments' classes; others could look like the page's own controls
PROTOCOLS = ["http", "https", "mailto", "data"]
SHOWN = ("image/png", "image/jpeg", "image/svg+xml", "text/latex", "text/plain")  # nbconvert's templates escape these


def make_harmless(notebook: NotebookNode) -> None:
    """Leave of texts and outputs what cannot act in a page that nbconvert makes of them."""
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        cell.metadata = NotebookNode({"nbgrader": nbgrader_tag(cell)} if nbgrader_tag(cell) else {})
        if cell.cell_type == "markdown":
            cell.source = _as_one_block(_made(_with_attachments(cell), markdown2html))
        for output in cell.get("outputs", []):
            if "data" in output:
                output.data, output.metadata = NotebookNode(_harmless_data(output.data)), NotebookNode()


def put_in_sight(notebook: NotebookNode, rubrics: dict[str, str]) -> None:
    """Put each answer's rubric, by its grade_id, in a box before the answer."""
    cells = []
    for cell in notebook.cells:
        if rubric := rubrics.get(nbgrader_tag(cell).get("grade_id")):
            cells.append(new_markdown_cell(_BOX.format(rubric)))
        cells.append(cell)
    notebook.cells = cells


_BOX = """<div class="panel panel-info"><div class="panel-heading">Rubric. Students never see this.</div>
<div class="panel-body">

{}

</div></div>"""


def _harmless_data(data: dict) -> dict:
    kept = {kind: data[kind] for kind in SHOWN if kind in data}
    if "text/html" in data:
        kept["text/html"] = _made(data["text/html"], _without_styles)
    elif "text/markdown" in data:
        kept["text/html"] = _made(data["text/markdown"], markdown2html)
    return kept or {"text/plain": f"(not shown here: {', '.join(data)})"}


def _with_attachments(cell: NotebookNode) -> str:
    text = cell.source
    for name, bundle in cell.get("attachments", {}).items():
        for kind, content in bundle.items():
            text = text.replace(f"attachment:{name}", f"data:{kind};base64,{content}")
    return text


def _made(text: str, render: Callable[[str], str]) -> str:
    """What `render` makes of a text, without what could act; the text as it is written where that cannot be."""
    if len(text) <= LONGEST or len(PICTURES.sub("", text)) <= LONGEST:
        with contextlib.suppress(Exception):  # a stranger's text can make any renderer raise
            return bleach.clean(render(text), tags=TAGS, attributes=_is_kept, protocols=PROTOCOLS)
    return f"<pre>{html.escape(text)}</pre>"


def _without_styles(page: str) -> str:
    """A table brings its style along, which would be shown as text."""
    *styled, rest = page.split("</style>")
    return "".join([*(part.partition("<style")[0] for part in styled), rest])


def _is_kept(tag: str, name: str, value: str) -> bool:
    if name == "class":
        return HIGHLIGHTED.fullmatch(value) is not None
    return name == "title" or name in ATTRIBUTES.get(tag, ())


def _as_one_block(page: str) -> str:
    """HTML that is Markdown too: a block of HTML ends with its line."""
    one_line = page.replace("\n", "&#10;")
    return f"<div>{one_line}</div>"
