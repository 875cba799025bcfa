"""The course's places in nbgrader, named in nbgrader_config.py.

`BoxedExecute` stands where nbgrader's `Execute` does, so that `nbgrader autograde` and the formgrader's button run
students' code in the sandbox too; `MessagesOnly` keeps hidden tests out of the feedback that nbgrader writes.
`CollapseTests` and `GoOnPastErrors` have a part in every release.
`SubmissionReader`, `RepairSubmission` and `SaveMarks` read, repair and judge what was handed in as `grade` does;
`SettleLateWork` and `LatePenalty` count late work as it does. `FormgraderPage` is for the formgrader.
"""

from __future__ import annotations

import functools
from pathlib import Path

import nbformat
from nbconvert.exporters import NotebookExporter
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.plugins import LateSubmissionPlugin
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades
from traitlets import Bool, Integer

from autograder import ROOT
from autograder.course import units
from autograder.course.answers import answers_asked
from autograder.course.cells import is_autograded, is_long_check, is_task
from autograder.course.limits import own_seconds
from autograder.course.rubrics import rubrics_of
from autograder.course.skipping import cells_to_skip
from autograder.grading import late
from autograder.grading.handed_in import handed_in_at, read_submission
from autograder.grading.late_rule import read_late_work
from autograder.grading.repair import UNCLEAR, repair
from autograder.grading.ways_round import notes_on
from autograder.reports.feedback import show_messages_only
from autograder.reports.formgrader import make_harmless, put_in_sight
from autograder.sandbox.sandbox import Limits, Sandbox


class BoxedExecute(NbGraderPreprocessor):
    """nbgrader's `Execute`, in the box. One sandbox serves all notebooks of a process."""

    timeout = Integer(30, help="seconds of computing time that a cell may take").tag(config=True)
    sandbox = Bool(True, help="False runs students' code as you, with your rights").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """nbconvert calls this with each submission."""
        unit = resources["nbgrader"]["assignment"]
        source = units.source_notebook(unit)
        imports, answers = units.import_lines(source), answers_asked(source)
        sandbox, limits = _shared_sandbox(unit, self.sandbox), Limits(self.timeout, own=own_seconds(source))
        skipped = cells_to_skip(nb, source, answers)
        execution = sandbox.run(nb, imports, answers, limits, skipped=skipped)
        if execution.doubtful:
            execution = sandbox.run(nb, imports, answers, limits, last_try=True, skipped=skipped)
        if execution.status != "graded":
            self.log.warning("%s: %s", execution.status, execution.reason)
        return nb, resources


@functools.lru_cache(maxsize=1)
def _shared_sandbox(unit: str, sandbox: bool) -> Sandbox:
    """The sandbox of this process for the unit that it grades now; the one before it ends."""
    return Sandbox(units.modules_to_load(units.source_notebook(unit)), sandbox)


class CollapseTests(NbGraderPreprocessor):
    """Graded cells and long visible checks are released collapsed: JupyterLab shows their first line.

    Other programs ignore the mark.
    """

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """nbconvert calls this with each notebook that is released."""
        for cell in (cell for cell in nb.cells if is_autograded(cell) or is_long_check(cell)):
            cell.metadata.setdefault("jupyter", {})["source_hidden"] = True
        return nb, resources


class GoOnPastErrors(NbGraderPreprocessor):
    """*Run All* goes on past answers that are not written: every code cell from the first TODO cell on is tagged.

    Any of them may fail while an answer is open or wrong, since it may use the answer, or what another cell made of it.
    The cells before it need no answer: there an error should stop the run. No mark depends on the tag.
    """

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """nbconvert calls this with each notebook that is released."""
        first = next((i for i, cell in enumerate(nb.cells) if is_task(cell)), len(nb.cells))
        for cell in (cell for cell in nb.cells[first:] if cell.cell_type == "code"):
            cell.metadata.setdefault("tags", []).append("raises-exception")
        return nb, resources


class MessagesOnly(NbGraderPreprocessor):
    """`show_messages_only` where nbgrader itself writes the feedback."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """nbconvert calls this with each notebook."""
        show_messages_only(nb)
        return nb, resources


class FormgraderPage(Preprocessor):
    """The formgrader's page of a submission: nothing of a student's acts there, and the rubrics are in sight.

    They are read from the unit's source when the page is shown, so that no file holds them and they are today's.
    nbgrader's feedback is converted with the same settings; only the formgrader names a submission.
    """

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """nbconvert calls this with each notebook that becomes a page."""
        if "submission_id" in resources:
            make_harmless(nb)
            put_in_sight(nb, self._rubrics(resources["assignment_id"]))
        return nb, resources

    def _rubrics(self, unit: str) -> dict[str, str]:
        try:
            return rubrics_of(units.source_notebook(unit))
        except ValueError as error:  # the unit was taken away, or its source is being edited: marks can be given still
            self.log.warning("the formgrader shows no rubric: %s", error)
            return {}


class SubmissionReader(NotebookExporter):
    """Reads a notebook as `grade` does, with its limits: a byte-order mark is none of a student's faults."""

    # What `RepairSubmission` found of the submission that is converted now; `SaveMarks` asks for it.
    undecided: frozenset[str] = frozenset()
    # Where it lies; `SettleLateWork` asks for it.
    folder = Path()

    def from_filename(self, filename: str, resources: dict | None = None, **kw) -> tuple[str, dict]:
        """nbgrader calls this with each submission, and again with what it made of it.

        Raises:
            ValueError: it is no notebook; nbgrader says so and goes on with the next student.
        """
        who, self.folder = resources["nbgrader"], Path(filename).parent
        submission = read_submission(self.folder.parents[1], who["student"], who["assignment"])
        if submission.notebook is None:
            raise ValueError(f"{who['student']} gets no marks for {who['assignment']}: {submission.problem}")
        return self.from_notebook_node(submission.notebook, resources=resources, **kw)


class RepairSubmission(NbGraderPreprocessor):
    """`repair`, before nbgrader looks at a submission's cells: a copied one would end its run for the whole class."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """nbconvert calls this with each submission.

        Raises:
            ValueError: the course has no such unit.
        """
        student, unit = resources["nbgrader"]["student"], resources["nbgrader"]["assignment"]
        source = units.source_notebook(unit)
        repaired = repair(nb, nbformat.read(units.RELEASE / unit / f"{unit}.ipynb", as_version=4), source)
        self.parent.undecided = repaired.undecided
        for note in repaired.notes:
            self.log.warning("%s, %s: %s", student, unit, note)
        return nb, resources


class SaveMarks(SaveAutoGrades):
    """nbgrader's `SaveAutoGrades`, but where a cell's place is not certain, failing waits for a person."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """nbconvert calls this with each executed submission."""
        nb, resources = super().preprocess(nb, resources)
        who = resources["nbgrader"]
        with Gradebook(who["db_url"]) as gradebook:
            submission = gradebook.find_submission_notebook(who["notebook"], who["assignment"], who["student"])
            waiting = []
            for grade in submission.grades:
                if grade.name in self.parent.undecided and not grade.auto_score:
                    grade.auto_score, grade.needs_manual_grade = None, True
                    waiting.append(grade.name)
            gradebook.db.commit()
        if waiting:
            self.log.warning("%s, %s: unclear: %s (%s)", who["student"], who["assignment"], UNCLEAR, ", ".join(waiting))
        for note in notes_on(nb, units.source_notebook(who["assignment"])):
            self.log.warning("%s, %s: %s", who["student"], who["assignment"], note)
        return nb, resources


class SettleLateWork(NbGraderPreprocessor):
    """The submission's time, due date and extension as `grade` takes them, before nbgrader counts how late it is."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """nbconvert calls this with each executed submission.

        Raises:
            ValueError: ``late.json`` or ``extensions.csv`` cannot be understood.
        """
        who = resources["nbgrader"]
        student, unit = who["student"], who["assignment"]
        with Gradebook(who["db_url"]) as gradebook:
            if (self.parent.folder / "timestamp.txt").is_file():  # nbgrader has read it its own way
                time = handed_in_at(self.parent.folder.parents[1], student, unit)
                gradebook.update_or_create_submission(unit, student, timestamp=time or None)
            late.settle(gradebook, read_late_work(ROOT), {(unit, student)})
            gradebook.db.commit()
        return nb, resources


class LatePenalty(LateSubmissionPlugin):
    """The penalty by the rule that ``grade --late`` keeps; without one, nbgrader's own plugin decides."""

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float | None:
        """nbgrader's `AssignLatePenalties`, the parent, calls this with each late notebook.

        Args:
            student_id: the student.
            score: what the notebook has earned.
            total_seconds_late: after the due date, with the student's extension.
        """
        rule = read_late_work(ROOT).rule
        if rule is None:
            return super().late_submission_penalty(student_id, score, total_seconds_late)
        asks = self.parent
        notebook = asks.gradebook.find_submission_notebook(asks.notebook_id, asks.assignment_id, student_id)
        return rule.penalty(total_seconds_late, notebook.max_score, score) or None
