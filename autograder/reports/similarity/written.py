"""What each student of a class wrote for each exercise of a unit, read as text: nothing is run."""

from __future__ import annotations

import ast
import functools
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.course import units
from autograder.course.cells import is_task, nbgrader_tag
from autograder.grading.handed_in import find_students, read_submission
from autograder.grading.names_used import Cell, read_cells
from autograder.reports.similarity.alike import PIECE, Piece, pieces_of
from autograder.reports.similarity.normal_form import imports_of, parse, words_of
from course_utils.corrections.matching import match


@dataclass(frozen=True)
class Answer:
    """One answer to one exercise: whose, its cells by their number in the notebook, and its pieces with their lines.

    Lines are counted through all of its cells. Several students are those who handed in the same file.
    """

    students: tuple[str, ...]
    cells: list[tuple[int, str]]
    pieces: dict[Piece, set[int]]


@dataclass
class Written:
    """What a class wrote for a unit.

    Attributes:
        notebooks: how many were read.
        answers: those to each exercise, by its name, in the order of the unit.
        same_files: students whose files are the same, byte for byte, and have an answer.
        left_out: (student, exercise or nothing for all, reason).
    """

    notebooks: int = 0
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    same_files: list[tuple[str, ...]] = field(default_factory=list)
    left_out: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Given:
    """What every student of a unit had.

    Attributes:
        released: the unit's released notebook.
        tasks: the index of each TODO cell in it, by the exercise's name.
        asked: for each exercise the names by which an answer to it is known.
        imported: what the names stand for that it imports.
        pieces: those of all given code of the course, since earlier units are there to be used.
    """

    released: NotebookNode
    tasks: dict[str, int]
    asked: dict[str, set[str]]
    imported: dict[str, str]
    pieces: frozenset[Piece]


def given_by(unit: str, size: int = PIECE) -> Given:
    """What the students of a unit were given; pieces have `size` words.

    Raises:
        ValueError: the unit, or another one, was not released.
    """
    released = _read(units.RELEASE / unit / f"{unit}.ipynb")
    pieces = frozenset().union(
        *(_given_pieces(units.RELEASE / name / f"{name}.ipynb", size) for name in units.unit_names())
    )
    tasks = {nbgrader_tag(cell)["grade_id"]: index for index, cell in enumerate(released.cells) if is_task(cell)}
    asked = {name: {name, *read_cells([released.cells[index].source])[0].sets} for name, index in tasks.items()}
    return Given(released, tasks, asked, _imported(released), pieces)


def bank_of(unit: str) -> dict[str, dict[str, str]]:
    """The right answers of the bank: for each exercise with some, their code by name."""
    bank: dict[str, dict[str, str]] = defaultdict(dict)
    for path in sorted((units.ANSWERS / unit).glob("*/right-*.py")):
        bank[path.parent.name][path.stem] = path.read_text(encoding="utf-8")
    return dict(bank)


def read_class(submitted: Path, unit: str) -> Written:
    """Read what a class handed in for a unit.

    Raises:
        ValueError: the unit was not released.
    """
    given = given_by(unit)
    written = Written(answers={exercise: [] for exercise in given.tasks})
    files: dict[str, list[tuple[str, NotebookNode]]] = defaultdict(list)
    for student in find_students(submitted, ()):
        submission = read_submission(submitted, student, unit)
        if submission.notebook is not None:
            files[submission.digest].append((student, submission.notebook))
        elif submission.status != "missing":
            written.left_out.append((student, "", submission.problem))
    for copies in files.values():
        students = tuple(student for student, _ in copies)
        written.notebooks += len(copies)
        any_answer = False
        for exercise, cells in _cells_of(copies[0][1], given).items():
            try:
                pieces = _pieces(cells, given)
            except ValueError as error:
                written.left_out += [(student, exercise, str(error)) for student in students]
                continue
            if pieces:
                written.answers[exercise].append(Answer(students, cells, pieces))
                any_answer = True
        if any_answer and len(students) > 1:
            written.same_files.append(students)
    return written


def _cells_of(notebook: NotebookNode, given: Given) -> dict[str, list[tuple[int, str]]]:
    """For each exercise the TODO cell and the student's own cells on which it depends, with their numbers."""
    matching = match(notebook, given.released)
    own = [place for place in matching.free() if notebook.cells[place].cell_type == "code"]
    tasks = {name: matching.places[index] for name, index in given.tasks.items() if index in matching.places}
    places = sorted({*own, *tasks.values()})
    code = dict(zip(places, read_cells([notebook.cells[place].source for place in places]), strict=True))
    found = {}
    for exercise, asked in given.asked.items():
        behind = {tasks[exercise]} if exercise in tasks else set()
        behind |= {place for place in own if not asked.isdisjoint(code[place].sets)}
        while more := _read_by(behind, own, code) - behind:
            behind |= more
        found[exercise] = [(place + 1, notebook.cells[place].source) for place in sorted(behind)]
    return found


def _read_by(behind: set[int], own: list[int], code: dict[int, Cell]) -> set[int]:
    """The student's own cells that set what these cells read."""
    read = {name for place in behind for name in code[place].reads}
    return {place for place in own if not read.isdisjoint(code[place].sets)}


def _pieces(cells: list[tuple[int, str]], given: Given) -> dict[Piece, set[int]]:
    """The pieces of an answer's cells, read as one text, without what was given.

    Raises:
        ValueError: a cell is no code that could be read.
    """
    whole = ast.Module([], [])
    lines = 0
    for number, source in cells:
        try:
            tree = parse(source)
        except ValueError as error:
            raise ValueError(f"cell {number}: {error}") from None
        whole.body += ast.increment_lineno(tree, lines).body
        lines += len(source.splitlines())
    pieces = pieces_of(words_of(whole, given.imported))
    return {piece: places for piece, places in pieces.items() if piece not in given.pieces}


@functools.cache
def _given_pieces(path: Path, size: int) -> frozenset[Piece]:
    released = _read(path)
    imported = _imported(released)
    code = [cell.source for cell in released.cells if cell.cell_type == "code"]
    return frozenset(piece for source in code for piece in pieces_of(words_of(parse(source), imported), size))


def _imported(released: NotebookNode) -> dict[str, str]:
    imported: dict[str, str] = {}
    for cell in released.cells:
        if cell.cell_type == "code":
            imported |= imports_of(parse(cell.source))
    return imported


def _read(path: Path) -> NotebookNode:
    if not path.is_file():
        raise ValueError(f"{path.stem} was not released, there is no {path}: run `make release`")
    return nbformat.read(path, as_version=4)
