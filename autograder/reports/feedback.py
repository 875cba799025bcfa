"""What a student reads after grading: marks, what was found, and the notebook; never the hidden tests."""

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

import jinja2
import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import ClearHiddenTests
from pygments import highlight, token
from pygments.filter import Filter
from pygments.filters import TokenMergeFilter
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name

from autograder.course import units
from autograder.course.cells import is_autograded, nbgrader_tag
from autograder.files import write_text
from autograder.grading import finished
from autograder.grading.messages import failure_messages
from autograder.grading.results import Result
from autograder.release.standing_alone import FIGURES, address_of
from autograder.reports.exercise_rows import rows_of

PAGE_SECONDS = 10
MAX_PAGE = 30_000_000  # characters
END = " -->"
# What has a colour in feedback.css.
COLOURED = (
    token.Comment,
    token.Keyword,
    token.Operator.Word,
    token.String,
    token.Number,
    token.Name.Function,
    token.Name.Class,
)
_PICTURE = re.compile(r"!\[([^\]]*)\]\((data:[^)\s]+)\)")
HERE = Path(__file__).parent  # the templates and the style lie beside this file


def show_messages_only(notebook: NotebookNode) -> None:
    """In an executed notebook's graded cells, put the check's message in place of all output, and drop hidden tests."""
    messages = failure_messages(notebook)
    for cell in notebook.cells:
        if is_autograded(cell):
            message = messages[nbgrader_tag(cell)["grade_id"]]
            error = {"output_type": "error", "ename": "", "evalue": "", "traceback": [message]}
            cell.outputs = [nbformat.from_dict(error)] if message else []
    ClearHiddenTests().preprocess(notebook, {})


def leave_out_own_pictures(notebook: NotebookNode, unit: str) -> None:
    """Put its words in place of each picture that the unit brought: a page for each student would have it once more.

    The student has it in the notebook. So a page needs no other file, however it is given away.
    """
    own = {address_of(path) for path in (units.SOLUTIONS / unit / FIGURES).glob("*.*")}

    def in_words(picture: re.Match) -> str:
        words, address = picture.groups()
        return (
            f'<span class="figure">Figure in your notebook: {html.escape(words)}</span>'
            if address in own
            else picture[0]
        )

    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = _PICTURE.sub(in_words, cell.source)


def get_ready() -> None:
    """Load and compile what the first page would wait for."""
    _exporter().from_notebook_node(nbformat.v4.new_notebook(), resources=_resources("", ""))


def write_pages(output: Path, results: list[Result]) -> None:
    """Write ``feedback/<student>/<unit>/<unit>.html`` for every submission that was executed.

    A page that shows these results already stays as it is. Where a notebook cannot be shown, whatever its author put
    into it, the page has the marks and messages alone, and the result's note says why.
    """
    sources: dict[str, NotebookNode] = {}
    for result in results:
        if result.cells:
            path = output / "feedback" / result.student / result.unit / f"{result.unit}.html"
            mark, last_line = _page_mark(result), _last_line(path)
            if last_line.startswith(mark):
                problem = last_line.removeprefix(mark).removesuffix(END)
            else:
                if result.unit not in sources:
                    sources[result.unit] = units.source_notebook(result.unit)
                page, problem = _page_or_plain_page(output, result, sources[result.unit])
                write_text(path, f"{page}\n{mark}{problem}{END}")
            result.note = "; ".join(filter(None, [result.note, problem]))


def _page_mark(result: Result) -> str:
    """The start of a page's last line, a comment: what the page was made from. Then comes why it has no notebook."""
    made_from = json.dumps([result.key, result.score, result.cells, result.comments, result.note, result.late])
    return f"<!-- {hashlib.sha256(made_from.encode()).hexdigest()} "


def _last_line(path: Path) -> str:
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 2000))  # a page is large, its last line is not
        return file.read().rpartition(b"\n")[2].decode("utf-8", "replace")


def _page_or_plain_page(output: Path, result: Result, source: NotebookNode) -> tuple[str, str]:
    """The page, and why it is a plain one; empty if it is not."""
    try:
        with _limited():
            page = _page(output, result, source)
        if len(page) > MAX_PAGE:
            raise ValueError(f"the page has {len(page) / 1e6:.0f} million characters")
        return page, ""
    except Exception as error:  # a stranger's notebook can make any renderer raise
        reason = " ".join(f"{type(error).__name__}: {error}".split()).replace("--", "- -")[:200]
        problem = f"its page has no notebook ({reason})"
        return _plain_page(result, source, problem), problem


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


def _page(output: Path, result: Result, source: NotebookNode) -> str:
    """The executed notebook below its marks, as HTML."""
    notebook = finished.last_executed(output, result.unit, result.student)
    scores = {cell["id"]: cell for cell in result.cells}
    show_messages_only(notebook)
    leave_out_own_pictures(notebook, result.unit)
    for cell in notebook.cells:
        name = nbgrader_tag(cell).get("grade_id")
        if name in scores:
            cell.metadata.nbgrader.score = scores[name]["score"] or 0
            cell.metadata.nbgrader.points = scores[name]["max_score"]
        if name in result.comments:
            cell.metadata.nbgrader.comment = result.comments[name]
    marks = _marks(result, source, [result.note, result.late], linked=True)
    return _exporter().from_notebook_node(notebook, resources=_resources(result.unit, marks))[0]


def _plain_page(result: Result, source: NotebookNode, problem: str) -> str:
    """Marks and messages without the notebook, as HTML, and why."""
    title = f"{result.unit}: your marks"
    head = f'<meta charset="utf-8"><title>{title}</title><style>{(HERE / "feedback.css").read_text()}</style>'
    marks = _marks(result, source, [result.note, result.late, problem], linked=False)
    return f'<!DOCTYPE html>\n<html lang="en"><head>{head}</head><body><main>{marks}</main></body></html>'


def _marks(result: Result, source: NotebookNode, notes: list[str], linked: bool) -> str:
    """The table of marks, as HTML; `linked` to the places of a notebook below it."""
    return _marks_template().render(
        unit=result.unit,
        score=f"{result.score:g}",
        max_score=f"{result.max_score:g}",
        notes=[note for note in notes if note],
        rows=rows_of(result, source),
        linked=linked,
    )


@functools.cache
def _marks_template() -> jinja2.Template:
    loader = jinja2.FileSystemLoader(HERE)
    return jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined).get_template(
        "marks.html.j2"
    )


def _resources(unit: str, marks: str) -> dict[str, dict]:
    """What the templates ask for: nbgrader's reads its own, ours `course`."""
    nbgrader = {"notebook": unit, "score": 0, "max_score": 0, "late_penalty": 0}
    return {"nbgrader": nbgrader, "course": {"marks": marks}}


def _highlighted(source: str, language: str | None = None, metadata: object = None) -> str:
    """Code as HTML in a few colours. Most tokens have none: with a tag around each, they were half of a page."""
    return highlight(source, _lexer(), HtmlFormatter(cssclass="highlight"))


@functools.cache
def _lexer() -> Lexer:
    lexer = get_lexer_by_name("ipython3")
    for each in (_Coloured(), TokenMergeFilter()):
        lexer.add_filter(each)
    return lexer


class _Coloured(Filter):
    """Each token as the one of `COLOURED` that it is, or as none."""

    def filter(self, lexer, stream):
        for kind, text in stream:
            yield next((coloured for coloured in COLOURED if kind in coloured), token.Token), text


@functools.cache
def _exporter():
    """nbconvert with the course's template over nbgrader's; made once in each process."""
    from nbconvert.exporters import HTMLExporter, TemplateExporter
    from nbgrader.converters import GenerateFeedback
    from nbgrader.coursedir import CourseDirectory

    class OncePassed(HTMLExporter):
        """`HTMLExporter` without its second pass: half of the time, for classes of JupyterLab that no page here has."""

        def from_notebook_node(self, nb, resources=None, **kw):
            self.register_filter("highlight_code", _highlighted)
            return TemplateExporter.from_notebook_node(self, nb, self._init_resources(resources), **kw)

    config = GenerateFeedback(coursedir=CourseDirectory()).config
    config.HTMLExporter.extra_template_paths = [*config.HTMLExporter.extra_template_paths, str(HERE)]
    config.HTMLExporter.template_file = "feedback.html.j2"
    return OncePassed(config=config)
