"""What a session says, cell by cell, in a real IPython shell."""

import matplotlib.pyplot as plt
import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell

from autograder.course import units
from course_utils import session
from course_utils.session.follow import Follower
from course_utils.session.overview import overview

UNIT = "01-convolution"
RIGHT = """def corr2d(x, kernel):
    windows = x.unfold(0, kernel.shape[0], 1).unfold(1, kernel.shape[1], 1)
    return windows.mul(kernel).sum((2, 3))"""
WRONG = RIGHT.replace(".mul(kernel)", ".mul(kernel.flip(0, 1))")
FOUR = "hand_convolved = torch.tensor([[5.0, 9], [9, 15]])\nhand_pooled = 15"


class Notebook:
    """A released unit in a shell; `with_ids` says whether the program that runs the cells sends their ids."""

    def __init__(self, unit, with_ids):
        self.cells = {c.id: c.source for c in nbformat.read(units.RELEASE / unit / f"{unit}.ipynb", as_version=4).cells}
        self.shell = InteractiveShell()
        self.shell.history_manager.enabled = False
        self.shown = []
        self.shell._showtraceback = lambda kind, error, lines: self.shown.append("\n".join(lines))
        self.with_ids = with_ids
        self.shell.run_cell(self.cells["imports"])
        self.follower = Follower(self.shell, unit)
        self.follower.start()

    def run(self, cell, source=None):
        """Run a cell of the notebook, perhaps with another text; what it showed in place of a result."""
        self.shown.clear()
        text = self.cells[cell] if source is None else source
        self.shell.run_cell(text, cell_id=cell if self.with_ids else None)
        return "".join(self.shown)

    def state(self):
        return overview(self.follower.record, self.follower.table.written)


@pytest.fixture(params=[True, False], ids=["ids", "no-ids"])
def notebook(request):
    made = Notebook(UNIT, request.param)
    yield made
    made.follower.stop()


def test_an_answer_that_is_not_written_is_said_in_a_line(notebook):
    assert notebook.run("hand-task") == "Not written yet: hand_convolved, hand_pooled (exercise 1)"
    assert notebook.run("hand-check") == "Not written yet: hand_convolved, hand_pooled (exercise 1)"
    assert notebook.run("corr2d-task") == ""
    assert notebook.run("corr2d-check") == "Not written yet: corr2d (exercise 2)"
    assert notebook.run("corr2d-square") == "Not written yet: corr2d (exercise 2)"
    notebook.run("photo")
    assert notebook.run("corr2d-see") == "Not written yet: corr2d (exercise 2); this cell needs it"


def test_a_failed_check_ends_in_a_hint_and_the_next_failure_in_the_next(notebook):
    notebook.run("corr2d-task", WRONG)
    for hint in ("1 above: a nudge", "2 above: approach", "3 above: almost the answer", "3 above: almost the answer"):
        first, *_, last = notebook.run("corr2d-check").splitlines()
        assert first.startswith("Not yet: corr2d of picture 3×5 with kernel 2×3 is not right")
        assert last == f"Stuck? Open hint {hint}"
        notebook.run("corr2d-task", WRONG)
    assert notebook.run("corr2d-square").splitlines()[-1] == "Stuck? Open hint 3 above: almost the answer"
    notebook.run("corr2d-task", RIGHT)
    assert notebook.run("corr2d-check") == ""
    notebook.run("corr2d-task", WRONG)
    assert notebook.run("corr2d-check").splitlines()[-1] == "Stuck? Open hint 1 above: a nudge"


def test_every_hint_that_is_named_is_there_above_the_check(notebook):
    order = list(notebook.cells)
    for exercise in notebook.follower.table.exercises:
        [check] = [cell for cell, role in exercise.cells.items() if role == "check"]
        [task] = [cell for cell, role in exercise.cells.items() if role == "task"]
        [hints] = [cell for cell in order[order.index(task) : order.index(check)] if cell.endswith("-hints")]
        for number, words in enumerate(exercise.hints, 1):
            assert f"<summary>Hint {number}: {words}</summary>" in notebook.cells[hints]


def test_a_cell_that_waits_for_a_cell_that_waits_says_for_which_exercise(notebook):
    notebook.run("hand-task")
    assert notebook.run("new", "double = 2 * hand_pooled") == (
        "Not written yet: hand_convolved, hand_pooled (exercise 1); this cell needs it"
    )
    assert notebook.run("newer", "print(double)") == (
        "Not written yet: hand_convolved, hand_pooled (exercise 1); this cell needs double, which waits for it"
    )
    assert notebook.run("hand-task", FOUR) == ""
    assert notebook.run("newer", "print(double)") == (
        "double is not there yet: the cell that makes it stopped, since the answer of exercise 1 was not written; "
        "run that cell again"
    )
    assert notebook.run("new", "double = 2 * hand_pooled") == ""
    assert notebook.run("newer", "print(double)") == ""


def test_an_answer_whose_cell_has_not_run_is_said(notebook):
    assert notebook.run("corr2d-check") == (
        "corr2d is not there yet: it is the answer of exercise 2; run its cell first"
    )


@pytest.mark.parametrize(
    "source", ["1 / 0", "print(nowhere)", "raise NotImplementedError('of my own')", "1 +", "exec('1 +')"]
)
def test_other_errors_keep_their_traceback(notebook, source):
    notebook.run("hand-task")
    with_traceback = notebook.run("new", source)
    assert "written" not in with_traceback
    notebook.follower.stop()
    assert notebook.run("new", source).count("\n") == with_traceback.count("\n")
    notebook.follower.start()


def test_a_mistake_in_an_answer_keeps_its_traceback(notebook):
    """Also one that looks like a missing answer."""
    notebook.run("hand-task")
    notebook.run("corr2d-task", "def corr2d(x, kernel):\n    return hand_convolvd")
    assert "NameError" in notebook.run("corr2d-check")
    assert "NameError" in notebook.run("hand-task", "hand_convolved = hand_pooled = torch.tensr(1)").replace(
        "AttributeError", "NameError"
    )
    assert "hand_pooled" in notebook.run("new", "hand_pooled + 1")
    assert "Not written" not in notebook.run("new", "hand_pooled + 1")


def test_a_figure_that_a_cell_had_begun_is_not_shown(notebook):
    notebook.run("new", "plt.switch_backend('module://matplotlib_inline.backend_inline')")
    notebook.run("corr2d-task")
    notebook.run("new", "fig, axis = plt.subplots()\naxis.imshow(corr2d(torch.ones(3, 3), torch.ones(2, 2)))")
    assert plt.get_fignums() == []
    notebook.run("new", "fig, axis = plt.subplots()\n1 / 0")
    assert len(plt.get_fignums()) == 1, "another error leaves what may help to find it"
    plt.close("all")
    plt.switch_backend("agg")


def test_the_overview_follows_what_ran(notebook):
    assert notebook.state().startswith("0 of 9 exercises are done.\n\nnot run")
    notebook.run("hand-task", FOUR)
    notebook.run("corr2d-task", WRONG)
    notebook.run("general-task")
    groups = notebook.state().split("\n\n")
    assert [group.partition(" (")[0] for group in groups[1:-1]] == ["tried", "not written", "not run"]
    assert groups[1].splitlines()[1:] == ["  1 · By hand", "  2 · Cross-correlation"]
    assert groups[2].splitlines()[1:] == ["  3 · Padding, stride, dilation"]
    assert groups[-1] == "No check reads your written answer (In words)."


def test_done_is_what_passed_every_check_since_the_answer_ran(notebook):
    def is_done():
        return notebook.state().startswith("1 of 9")

    notebook.run("corr2d-task", RIGHT)
    assert not is_done()
    notebook.run("corr2d-check")
    assert is_done()
    notebook.run("corr2d-task", WRONG)
    assert not is_done()
    notebook.run("corr2d-check")
    notebook.run("corr2d-square")
    notebook.run("corr2d-task", RIGHT)
    notebook.run("corr2d-check")
    assert is_done(), "what failed before the answer ran again does not count"


def test_a_graded_cell_that_fails_keeps_an_exercise_open(notebook):
    notebook.run("corr2d-task", RIGHT)
    notebook.run("corr2d-check")
    notebook.run("corr2d-square", notebook.cells["corr2d-square"] + "\nassert False")
    assert "0 of 9" in notebook.state()


def test_a_class_is_named_without_its_first_method():
    shapes = Notebook("02-shapes", with_ids=False)
    shapes.run("RepairedNet-task")
    assert shapes.run("repair-check") == "Not written yet: RepairedNet (exercise 8)"
    task = shapes.cells["RepairedNet-task"].replace(
        'raise NotImplementedError("this answer is not written yet")', "pass", 1
    )
    shapes.run("RepairedNet-task", task)
    assert shapes.run("new", "RepairedNet()(torch.zeros(1, 1, 28, 28))") == (
        "Not written yet: RepairedNet.forward (exercise 8); this cell needs it"
    )
    assert shapes.run("repair-check").startswith("Not yet: the layers with weights")
    assert shapes.run("quiz-task") == "Not written yet: quiz (exercise 2)"
    assert shapes.run("quiz-check") == "Not written yet: quiz (exercise 2)"
    shapes.follower.stop()


def test_outside_of_a_kernel_nothing_is_followed(capsys):
    session.follow(UNIT)
    session.whats_open()
    assert capsys.readouterr().out.startswith("Nothing is known of the exercises")
