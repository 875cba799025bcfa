"""What all submissions of a unit are graded with, and whether the unit's own solution earns all marks of it."""

from __future__ import annotations

import copy
import dataclasses
import json
import queue
import tempfile
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.utils import determine_grade

from autograder import nbgrader_bridge
from autograder.course import units
from autograder.course.addresses import Database
from autograder.course.answers import answers_asked
from autograder.course.cells import is_autograded, nbgrader_tag
from autograder.course.limits import Place, own_seconds
from autograder.course.skipping import cells_to_skip
from autograder.files import write_bytes, write_text
from autograder.grading import finished
from autograder.grading.messages import failure_messages
from autograder.sandbox.sandbox import Limits


class UnitRefused(RuntimeError):
    """A unit cannot be graded; the message says why and what to do. The other units can."""


@dataclass(frozen=True)
class GradingUnit:
    """What all submissions of a unit are graded with."""

    name: str
    key: dict[str, str]
    source: NotebookNode
    released: NotebookNode
    imports: str
    answers: dict[str, list[str]]
    own_seconds: dict[Place, float]


def load_unit(name: str, kept: Path, database: Database, recorded: dict[str, float] | None) -> GradingUnit:
    """The unit, with its release as nbgrader makes it and its cells in the gradebook.

    Args:
        name: of the unit.
        kept: folder of what is kept of the units; a release made from the same source is taken from there.
        database: the gradebook.
        recorded: the unit's graded cells in the gradebook with their points; None if the unit is not there.

    Raises:
        UnitRefused: graded cells came or went since submissions were recorded, or nbgrader cannot make the release.
    """
    key, source = finished.unit_key(name), units.source_notebook(name)
    made_from = {"source": key["source"], "grader": key["grader"]}
    file, vouches = kept / name / "release.ipynb", kept / name / "release.json"
    points = {nbgrader_tag(cell)["grade_id"]: cell.metadata.nbgrader.points for cell in _graded(source)}
    if recorded == points and _json(vouches) == made_from:
        released = nbformat.read(file, as_version=4)
    else:
        released = _generate(name, database, recorded, points)
        write_bytes(file, nbformat.writes(released).encode("utf-8"))
        write_text(vouches, json.dumps(made_from))
    return GradingUnit(
        name, key, source, released, units.import_lines(source), answers_asked(source), own_seconds(source)
    )


def demand_full_marks(unit: GradingUnit, kept: Path, sandboxes: queue.SimpleQueue, limits: Limits) -> None:
    """Run the unit's own solution as a submission is run; that it earned every automatic mark is kept.

    Raises:
        UnitRefused: it did not: a graded cell is wrong, or the library that it tests with.
    """
    vouches = kept / unit.name / "solution.json"
    if _json(vouches) == unit.key:
        return
    notebook, limits = copy.deepcopy(unit.source), dataclasses.replace(limits, own=unit.own_seconds)
    skipped = cells_to_skip(notebook, unit.source, unit.answers)
    sandbox = sandboxes.get()
    try:
        execution = sandbox.run(notebook, unit.imports, unit.answers, limits, skipped=skipped)
        if execution.doubtful:
            execution = sandbox.run(notebook, unit.imports, unit.answers, limits, last_try=True, skipped=skipped)
    finally:
        sandboxes.put(sandbox)
    lost = [nbgrader_tag(cell)["grade_id"] for cell in filter(is_autograded, notebook.cells) if _loses(cell)]
    if lost or execution.status != "graded":
        messages = failure_messages(notebook)
        reasons = "; ".join([*execution.reasons, *(f"{name}: {messages[name]}" for name in lost[:3])])
        mend = "If this machine is not too busy for it, mend the unit" if execution.doubtful else "Mend the unit"
        raise UnitRefused(
            f"{unit.name} is not graded: its own solution does not earn all marks ({reasons}). "
            f"{mend}, then run the same command again"
        )
    write_text(vouches, json.dumps(unit.key))


def _loses(cell: NotebookNode) -> bool:
    score, most = determine_grade(cell)
    return score != most


def _generate(
    name: str, database: Database, recorded: dict[str, float] | None, points: dict[str, float]
) -> NotebookNode:
    if recorded is not None and recorded.keys() != points.keys():
        came, went = ", ".join(points.keys() - recorded.keys()), ", ".join(recorded.keys() - points.keys())
        raise UnitRefused(
            f"{name} is not graded: its graded cells are others than in the gradebook (new: {came or 'none'}; gone: "
            f"{went or 'none'}). `python -m autograder grade --migrate {name}` rebuilds the unit there and keeps marks "
            "and comments"
        )
    with tempfile.TemporaryDirectory(prefix="grading-") as scratch:
        try:
            with nbgrader_bridge.only_writer(database):
                folder = nbgrader_bridge.generate_assignment(nbgrader_bridge.nbgrader_at(Path(scratch), database), name)
        except nbgrader_bridge.NbgraderError as error:
            raise UnitRefused(f"{name} is not graded: {error}") from error
        return nbformat.read(folder / f"{name}.ipynb", as_version=4)


def _graded(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if nbgrader_tag(cell).get("grade")]


def _json(path: Path) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
