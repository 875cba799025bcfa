"""Real units of an earlier release, answered, and today's release brought to them: the marks of a fresh copy."""

import os
import subprocess
import warnings

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder import ROOT
from autograder.bank.sample_class import answer
from autograder.course import units
from autograder.course.exercises import exercises_of
from autograder.grading.classes import grade_class
from autograder.grading.repair import repair
from autograder.grading.submissions import Options
from autograder.sandbox import outer_wall
from course_utils.corrections.delivery import deliver
from course_utils.exercises import is_autograded, nbgrader_tag
from tests.course_utils.corrections.small_unit import without_marks

EARLIER = "b0121ad19dadf12c8952896548829fdefa3a32af"
OWN = [new_markdown_cell("My notes", id="mine"), new_code_cell("y = 1  # mine", id="mine-too")]


def earlier_release(unit: str) -> NotebookNode:
    command = ["git", "-C", str(ROOT), "show", f"{EARLIER}:notebooks/{unit}/{unit}.ipynb"]
    result = subprocess.run(command, capture_output=True)
    if result.returncode:
        pytest.skip("the earlier release is not in this copy of the repository, as in a shallow clone")
    return nbformat.reads(result.stdout.decode(), as_version=4)


def todays_release(unit: str) -> NotebookNode:
    return nbformat.read(units.RELEASE / unit / f"{unit}.ipynb", as_version=4)


def solutions(unit: str) -> dict[str, str]:
    source = units.source_notebook(unit)
    return {exercise.name: source.cells[exercise.task].source for exercise in exercises_of(source)}


def begun(release: NotebookNode, sources: dict[str, str]) -> NotebookNode:
    """As a student has it: answered and run, with own cells behind each third cell but the last."""
    notebook = answer(release, sources)
    for number, cell in enumerate(cell for cell in notebook.cells if cell.cell_type == "code"):
        cell.execution_count = number
    for place in range(len(notebook.cells) - 6, 0, -3):
        notebook.cells[place:place] = [nbformat.from_dict(cell | {"id": f"{cell.id}-{place}"}) for cell in OWN]
    return notebook


def corrected(unit: str, theirs: NotebookNode, base: NotebookNode | None, folder) -> NotebookNode:
    """What becomes of a student's notebook where today's release arrives; `base` was given before."""
    release, work = folder / "notebooks" / unit, folder / "work" / unit
    for path in (release, work):
        path.mkdir(parents=True)
    name = f"{unit}.ipynb"
    if base is not None:
        nbformat.write(base, release / name)
        deliver(release.parent, work.parent)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of missing ids
        nbformat.write(theirs, work / name)
    (release / name).write_bytes((units.RELEASE / unit / name).read_bytes())
    said = deliver(release.parent, work.parent)
    assert "is corrected; as you had it: work/backups/" in said[0]
    assert deliver(release.parent, work.parent) == []
    return nbformat.read(work / name, as_version=4)


@pytest.mark.parametrize(
    ("known", "lost"), [(True, False), (True, True), (False, False)], ids=["known", "marks lost", "base not known"]
)
@pytest.mark.parametrize("unit", units.unit_names())
def test_the_grader_has_the_same_cells_as_in_a_fresh_copy(unit, known, lost, tmp_path):
    base, today, right = earlier_release(unit), todays_release(unit), solutions(unit)
    theirs = begun(base, right)
    notebook = corrected(unit, without_marks(theirs) if lost else theirs, base if known else None, tmp_path)
    written = {exercise.name for exercise in exercises_of(base)}
    fresh = answer(today, {name: source for name, source in right.items() if name in written})
    done = repair(notebook, today, units.source_notebook(unit))
    assert (done.restored, done.found, done.undecided) == ([], {}, frozenset())
    repair(fresh, today, units.source_notebook(unit))
    cells = [[(nbgrader_tag(c), c.source) for c in n.cells if nbgrader_tag(c)] for n in (notebook, fresh)]
    assert cells[0] == cells[1]
    if known:
        # Nothing else is there but the student's own cells and notes on other stubs.
        extra = [cell for cell in notebook.cells if cell.get("id") not in {cell.id for cell in today.cells}]
        texts = {cell.source for cell in extra if not cell.source.startswith("**This exercise was corrected.**")}
        assert texts == {cell.source for cell in OWN}
        assert len([cell for cell in extra if cell.source == OWN[0].source]) == len(range(len(base.cells) - 6, 0, -3))


@pytest.mark.real_path
@pytest.mark.skipif(not hasattr(os, "fork"), reason="the grader needs os.fork, which Windows lacks")
@pytest.mark.parametrize("unit", ["01-convolution"])
def test_its_marks_are_those_of_a_fresh_copy(unit, tmp_path):
    base, today, right = earlier_release(unit), todays_release(unit), solutions(unit)
    theirs = begun(base, right)
    class_ = {
        "fresh": answer(today, right),
        "corrected": corrected(unit, theirs, base, tmp_path / "known"),
        "marks-lost": corrected(unit, without_marks(theirs), base, tmp_path / "lost"),
        "base-not-known": corrected(unit, theirs, None, tmp_path / "unknown"),
    }
    for student, notebook in class_.items():
        (tmp_path / "submitted" / student / unit).mkdir(parents=True)
        nbformat.write(notebook, tmp_path / "submitted" / student / unit / f"{unit}.ipynb")
    options = Options(jobs=1, sandbox=not outer_wall.problem())
    results = grade_class(tmp_path / "submitted", tmp_path / "out", [unit], options).results
    scores = {r.student: {cell["id"]: cell["score"] for cell in r.cells} for r in results}
    assert all(scores[student] == scores["fresh"] for student in class_)
    graded = [nbgrader_tag(cell)["grade_id"] for cell in today.cells if is_autograded(cell)]
    assert all(scores["fresh"][name] for name in graded)
