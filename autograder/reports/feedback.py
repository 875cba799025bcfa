"""What a student reads after grading: marks, messages of failed cells, where to read again; never the hidden tests."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import html
import json
import re
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import nbformat
from markupsafe import Markup
from nbformat import NotebookNode
from nbgrader.preprocessors import ClearHiddenTests

from autograder.course.cells import is_autograded, nbgrader_tag
from autograder.files import write_text
from autograder.grading.messages import failure_messages
from autograder.grading.results import Result
from course_utils.tables import Table

PAGE_SECONDS = 10
MAX_PAGE = 30_000_000  # characters
END = " -->"


def show_messages_only(notebook: NotebookNode) -> None:
    """In an executed notebook's graded cells, put the check's message in place of all output, and drop hidden tests."""
    messages = failure_messages(notebook)
    for cell in notebook.cells:
        if is_autograded(cell):
            message = messages[nbgrader_tag(cell)["grade_id"]]
            error = {"output_type": "error", "ename": "", "evalue": "", "traceback": [message]}
            cell.outputs = [nbformat.from_dict(error)] if message else []
    ClearHiddenTests().preprocess(notebook, {})


def get_ready() -> None:
    """Load and compile what the first page would wait for."""
    blank = {"nbgrader": {"notebook": "", "score": 0, "max_score": 0, "late_penalty": 0}}
    _exporter().from_notebook_node(nbformat.v4.new_notebook(), resources=blank)


def write_pages(output: Path, results: list[Result]) -> None:
    """Write ``feedback/<student>/<unit>/<unit>.html`` for every submission that was executed.

    A page that shows these results already stays as it is. Where a notebook cannot be shown, whatever its author put
    into it, the page has the marks and messages alone, and the result's note says why.
    """
    for result in results:
        if result.cells:
            path = output / "feedback" / result.student / result.unit / f"{result.unit}.html"
            mark, last_line = _page_mark(result), _last_line(path)
            if last_line.startswith(mark):
                problem = last_line.removeprefix(mark).removesuffix(END)
            else:
                page, problem = _page_or_plain_page(output, result)
                write_text(path, f"{page}\n{mark}{problem}{END}")
            result.note = "; ".join(filter(None, [result.note, problem]))


def _page_mark(result: Result) -> str:
    """The start of a page's last line, a comment: what the page was made from. Then comes why it has no notebook."""
    made_from = json.dumps([result.key, result.score, result.cells, result.comments, result.note])
    return f"<!-- {hashlib.sha256(made_from.encode()).hexdigest()} "


def _last_line(path: Path) -> str:
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 2000))  # a page is large, its last line is not
        return file.read().rpartition(b"\n")[2].decode("utf-8", "replace")


def _page_or_plain_page(output: Path, result: Result) -> tuple[str, str]:
    """The page, and why it is a plain one; empty if it is not."""
    try:
        with _limited():
            page = _page(output, result)
        if len(page) > MAX_PAGE:
            raise ValueError(f"the page has {len(page) / 1e6:.0f} million characters")
        return page, ""
    except Exception as error:  # a stranger's notebook can make any renderer raise
        reason = " ".join(f"{type(error).__name__}: {error}".split()).replace("--", "- -")[:200]
        problem = f"its page has no notebook ({reason})"
        return _plain_page(result, problem), problem


@contextlib.contextmanager
def _limited() -> Iterator[None]:
    """Raise where what follows computes for longer than a page may take: some texts take a renderer minutes."""
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("pages are written in the main thread, since only there a renderer can be stopped")

    def stop(number: int, frame: object) -> None:
        raise TimeoutError(f"it takes more than {PAGE_SECONDS} seconds to show")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, PAGE_SECONDS)  # computing time: a busy machine changes no page
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _page(output: Path, result: Result) -> str:
    """The executed notebook with marks and messages, as HTML."""
    path = output / "autograded" / result.student / result.unit / f"{result.unit}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    scores = {cell["id"]: cell for cell in result.cells}
    headings = _headings(notebook)
    show_messages_only(notebook)
    for cell in notebook.cells:
        name = nbgrader_tag(cell).get("grade_id")
        if name in scores:
            cell.metadata.nbgrader.score = scores[name]["score"] or 0
            cell.metadata.nbgrader.points = scores[name]["max_score"]
        if name in result.comments:
            cell.metadata.nbgrader.comment = result.comments[name]
    summary = _summary(result, headings)
    notebook.cells.insert(0, nbformat.v4.new_markdown_cell(summary))
    resources = {
        "nbgrader": {"notebook": result.unit, "score": result.score, "max_score": result.max_score, "late_penalty": 0}
    }
    return _exporter().from_notebook_node(notebook, resources=resources)[0]


def _plain_page(result: Result, problem: str) -> str:
    """Marks and messages without the notebook, as HTML, and why."""
    title = f"Your marks: {result.score:g} of {result.max_score:g}"
    note = "".join(f"<p>{html.escape(text)}</p>" for text in (result.note, problem) if text)
    head = f'<meta charset="utf-8"><title>{title}</title>'
    return f"<!DOCTYPE html>\n<html><head>{head}</head><body><h1>{title}</h1>{note}{_table(result, {})}</body></html>"


def _summary(result: Result, headings: dict[str, str]) -> str:
    """The page's first cell, as Markdown."""
    note = f"\n\n{html.escape(result.note)}" if result.note else ""
    return f"# Your marks: {result.score:g} of {result.max_score:g}{note}\n\n{_table(result, headings)}"


def _table(result: Result, headings: dict[str, str]) -> str:
    """The graded cells with marks, messages and where to read again, as one line of HTML.

    One line, since an empty line in a message would end the table for Markdown, and what follows would be read as such.
    """
    rows = []
    for cell in result.cells:
        score = f"{cell['score'] or 0:g} of {cell['max_score']:g}"
        score = f"{cell['max_score']:g} to be given" if cell["score"] is None else score
        heading = headings.get(cell["id"], "")
        anchor = re.sub(r"[^\w.-]", "-", heading)
        message = again = ""
        if cell["message"]:
            message = Markup('<pre style="white-space: pre-wrap">{}</pre>').format(cell["message"])
            again = Markup('<a href="#{}">{}</a>').format(anchor, heading) if heading else ""
        rows.append((cell["id"], score, message, again))
    for name, comment in result.comments.items():
        said = Markup('<p style="white-space: pre-wrap">comment: {}</p>').format(comment)
        rows.append((name, "", said, ""))
    table = Table(("graded cell", "marks", "what was found", "read again"), rows, f"the graded cells of {result.unit}")
    return table.to_html().replace("\r", "").replace("\n", "&#10;")


def _headings(notebook: NotebookNode) -> dict[str, str]:
    """For each graded cell, the heading under which it stands."""
    found, heading = {}, ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            titles = re.findall(r"^#{1,3} (.+)$", cell.source, flags=re.MULTILINE)
            heading = titles[-1].replace("`", "") if titles else heading
        elif is_autograded(cell):
            found[nbgrader_tag(cell)["grade_id"]] = heading
    return found


@functools.cache
def _exporter():
    """nbconvert with nbgrader's feedback template; made once in each process."""
    from nbconvert.exporters import HTMLExporter, TemplateExporter
    from nbconvert.filters import Highlight2HTML
    from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
    from nbgrader.converters import GenerateFeedback
    from nbgrader.coursedir import CourseDirectory

    class OncePassed(HTMLExporter):
        """`HTMLExporter` without its second pass: half of the time, for classes of JupyterLab that no page here has."""

        def from_notebook_node(self, nb, resources=None, **kw):
            self.register_filter("highlight_code", Highlight2HTML(pygments_lexer="ipython3", parent=self))
            return TemplateExporter.from_notebook_node(self, nb, self._init_resources(resources), **kw)

    exporter = OncePassed(config=GenerateFeedback(coursedir=CourseDirectory()).config)
    exporter.register_preprocessor(CSSHTMLHeaderPreprocessor, enabled=True)
    return exporter
