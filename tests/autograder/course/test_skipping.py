"""Which cells of a submission are left out: by hand, for each way in which a name may be needed, and at random."""

import copy
import random

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.course import units
from autograder.course.answers import answers_asked
from autograder.course.skipping import MOST, TAG, cells_to_skip, is_tagged
from autograder.release.standing_alone import install_cell
from tests.autograder.demo_course import cell as course_cell

ASKED = {"task-plain": ["task"]}


def demo(source: str):
    return new_code_cell(source, metadata={"tags": [TAG]})


def task_cell(source: str):
    return course_cell(new_code_cell, "task", source, solution=True)


def course():
    """Two demonstrations, an answer, and a cell that is not tagged."""
    cells = [
        new_markdown_cell("# A unit"),
        new_code_cell("import math\nbase = 2"),
        demo("first = base + 1"),
        demo("second = base * base\nprint(second)"),
        task_cell("def task(x):\n    ### BEGIN SOLUTION\n    return base * x\n    ### END SOLUTION"),
        course_cell(new_code_cell, "task-plain", "assert task(1) == 2", grade=True, locked=True, points=1),
    ]
    return new_notebook(cells=cells)


def left_out(change=lambda cells: None, source=None, asked=None) -> list[str]:
    """The first words of the cells that are left out where a student did this to the cells."""
    source = source or course()
    notebook = copy.deepcopy(source)
    change(notebook.cells)
    skipped = cells_to_skip(notebook, source, asked or ASKED)
    return [notebook.cells[i].source.split()[0] for i in sorted(skipped)]


def answer(source: str):
    """Write this into the TODO cell."""

    def change(cells):
        cells[4] = task_cell(source)

    return change


def test_what_no_answer_needs_is_left_out():
    assert left_out() == ["first", "second"]
    assert left_out(answer("def task(x):\n    return 2 * x")) == ["first", "second"]
    assert left_out(answer("def task(x):\n    raise NotImplementedError")) == ["first", "second"]


def test_what_an_answer_needs_runs_and_what_that_needs():
    assert left_out(answer("def task(x):\n    return (first - 1) * x")) == ["second"]
    assert left_out(answer("def task(x):\n    return second - 4 + 2 * x")) == ["first"]


def test_what_a_judge_asks_for_runs():
    assert left_out(asked={"task-plain": ["task", "first"]}) == ["second"]
    assert left_out(asked={"task-plain": ["task", "second"]}) == ["first"]


def test_a_changed_demonstration_runs_with_what_it_needs():
    def change(cells):
        cells[3].source = "second = first + first\nprint(second)"

    assert left_out(change) == []

    def only_first(cells):
        cells[2].source = "first = base + 2"

    assert left_out(only_first) == ["second"]


def test_a_cell_of_the_students_own_runs_with_what_it_needs():
    assert left_out(lambda cells: cells.append(new_code_cell("print(first)"))) == ["second"]
    assert left_out(lambda cells: cells.append(new_code_cell("first = 1\nprint(first)"))) == ["first", "second"]
    assert left_out(lambda cells: cells.append(new_code_cell("print(math.pi)"))) == ["first", "second"]


def test_the_submissions_tags_say_nothing():
    def take_away(cells):
        for cell in cells:
            cell.metadata.pop("tags", None)

    def add(cells):
        cells[1].metadata["tags"] = [TAG]
        cells.append(demo("print('mine')"))

    assert left_out(take_away) == left_out(add) == ["first", "second"]


def test_a_cell_is_known_by_its_text_wherever_it_stands():
    def change(cells):
        for cell in cells:
            cell.pop("id", None)
        cells[2].source += "  \n"
        cells.reverse()

    assert left_out(change) == ["second", "first"]


def test_an_answers_cell_runs_whatever_stands_in_it():
    assert left_out(answer("second = base * base\nprint(second)")) == ["first", "second"]


def test_a_text_that_stands_in_a_cell_without_the_tag_too_runs():
    source = course()
    source.cells.insert(1, new_code_cell("second = base * base\nprint(second)"))
    assert left_out(source=source) == ["first"]


@pytest.mark.parametrize(
    "code",
    [
        "exec('print(first)')",
        "eval('first')",
        "globals()['first']",
        "vars()['first']",
        "print(locals())",
        "get_ipython().run_cell('first')",
        "import builtins as b\nb.eval('first')",
        "from __main__ import first",
        "import importlib\nimportlib.import_module('__main__').first",
        "import sys\nsys.modules[__name__].first",
        "task.__globals__['first']",
        "import sys\nsys._getframe().f_globals['first']",
        "import timeit\ntimeit.timeit('first', 'from __main__ import first')",
        "print(_)",
        "print(_3, Out[3], In[3])",
        "print(_i3)",
        "%timeit first",
        "%pip install {first}",
        "%matplotlib $first",
        "%config InlineBackend.figure_format = first",
        "%matplotlib inline\n%time first",
        "%%time\nfirst",
        "%run other.py",
        "!echo {first}",
        "listed = !ls",
        "first?",
        "x = 1\n" * (MOST // 5),
        "x = " + "-" * 50_000 + "1",
    ],
)
def test_where_code_may_come_to_any_name_everything_runs(code):
    assert left_out(lambda cells: cells.append(new_code_cell(code))) == []
    assert left_out(answer(code)) == []


@pytest.mark.parametrize(
    "code",
    [
        "import torch\nmodel = torch.nn.Linear(1, 1)\nmodel.eval()\nprint(*model.modules(), base % 2)",
        "print(type(base).__name__)",
        "for _ in range(3): print(_)",
        "x, _ = 1, 2\nprint(_)",
        "torch.compile(task)",
        "this is no Python, and mentions first",
        "(" * 500 + "first" + ")" * 500,
        "def task(x)\n    return first",
        "%matplotlib inline\nprint(base)",
        "%config InlineBackend.figure_format = 'retina'\nprint(base)",
        install_cell("https://example.org/course.zip").source,
        install_cell("").source,
        "'''A text with\n%time first\nin it.'''",
        ">>> print(math.pi)",
        "    print(math.pi)",
    ],
)
def test_what_only_looks_like_it_changes_nothing(code):
    assert left_out(lambda cells: cells.append(new_code_cell(code))) == ["first", "second"]


@pytest.mark.parametrize("code", [">>> print(first)", "    print(first)", "In [1]: print(first)", "await first"])
def test_what_ipython_makes_python_of_is_read_as_that(code):
    assert left_out(lambda cells: cells.append(new_code_cell(code))) == ["second"]


def test_a_cell_of_ours_may_name_what_it_looks_up():
    source = course()
    source.cells.append(new_code_cell("print(globals().get('second'))"))
    assert left_out(source=source) == ["first"]
    source.cells[-1] = new_code_cell("print(globals().get('other'))")
    assert left_out(source=source) == ["first", "second"]


def test_what_a_function_gives_when_it_is_called_may_come_from_any_cell():
    counting = "calls = 0\ndef task(x):\n    global calls\n    calls += 1\n    return 2 * x"
    assert left_out(answer(counting)) == []


def test_names_that_a_star_gives_are_not_known():
    source = course()
    for code in ("from math import *", "exec('third = 3')"):
        source.cells.insert(2, demo(code))
    assert left_out(source=source) == ["first", "second"]


def trained_in_place():
    source = course()
    source.cells[2:4] = [new_code_cell("net = [0]"), demo("net.append(1)"), demo("print(net)")]
    return source


def test_what_only_the_students_code_uses_may_have_been_changed():
    """The promise is about what cells without the tag use: none of them uses `net` behind its making."""
    assert left_out(source=trained_in_place()) == ["net.append(1)", "print(net)"]
    mine = new_code_cell("print(len(net))")
    assert left_out(lambda cells: cells.append(mine), trained_in_place()) == []


def test_what_cells_without_the_tag_use_is_promised_not_to_change():
    source = trained_in_place()
    source.cells.append(new_code_cell("print(net[0])"))
    assert left_out(lambda cells: cells.append(new_code_cell("print(len(net))")), source) == [
        "net.append(1)",
        "print(net)",
    ]


def test_a_demonstration_that_runs_after_all_brings_back_what_it_may_need():
    """The student takes `result`; the cell that gives it uses `net`, which another one trains."""
    source = course()
    source.cells[2:4] = [new_code_cell("net = [0]"), demo("net.append(1)"), demo("result = sum(net)")]
    assert left_out(source=source) == ["net.append(1)", "result"]
    assert left_out(lambda cells: cells.append(new_code_cell("print(result)")), source) == []


def test_a_unit_without_the_tag_runs_whole():
    source = course()
    for cell in source.cells:
        cell.metadata.pop("tags", None)
    assert left_out(source=source) == []


NAMES = ("a", "b", "c", "f", "g")
STATEMENTS = (
    "{x} = {n}",
    "{x} = {y} + {z}",
    "{x} += {y}",
    "del {x}",
    "show({x}, {y})",
    "def {x}(q={y}): return {z} + q",
    "def {x}():\n    global {y}\n    {y} = {z}",
    "{x} = {y}()",
    "{x}()",
    "for {x} in range({n}): {y} = {x}",
    "if {x}: {y} = {z}",
    "while {x} == {n}: {x} += 1; {y} = {x}",
    "try: {x} = {y}\nexcept NameError: {x} = {n}",
    "try: {x} = {y}()\nexcept Exception as {z}: raise",
    "{x} = sum({y} + {z} for {z} in range({n}))",
    "{x} = lambda: {y}",
    "class {x}:\n    {y} = {z}\n    def __call__(self): return {y}",
    "print({x} and ({y} := {z}), {y})",
    "show(*[{x} for {y} in range({n})])",
)


def random_cell(draw: random.Random) -> str:
    names = {key: draw.choice(NAMES) for key in "xyz"}
    lines = [draw.choice(STATEMENTS) for _ in range(draw.randint(1, 3))]
    return "\n".join(line.format(n=draw.randint(0, 3), **names) for line in lines)


def shown(cells: list[str], skipped: frozenset[int], without: frozenset[int]) -> tuple[list, list]:
    """What the cells that are not in `without` show, and what the judge's names hold, in a run with cells skipped."""

    def plain(value):
        return value if isinstance(value, int) else type(value).__name__

    log: list = []
    names: dict = {"print": lambda *_: None}
    for index, source in enumerate(cells):
        heard: list = []
        names["show"] = lambda *values, to=heard: to.append(list(map(plain, values)))
        if index not in skipped:
            try:
                exec(source, names)
            except Exception as error:
                heard.append(type(error).__name__)
            if index not in without:
                log.append((index, heard))
    return log, [plain(names.get(name)) for name in ("f", "g")]


def test_at_random_what_runs_does_the_same_without_what_is_left_out():
    """Values only: that no tagged cell changes an object is the promise."""
    draw, found = random.Random(20261128), 0
    for _ in range(500):
        cells = [random_cell(draw) for _ in range(8)]
        tagged = {i for i in range(8) if draw.random() < 0.5}
        source = new_notebook(cells=[(demo if i in tagged else new_code_cell)(cells[i]) for i in range(8)])
        skipped = cells_to_skip(source, source, {"f": ["f", "g"]})
        assert skipped <= tagged
        assert shown(cells, frozenset(), skipped) == shown(cells, skipped, skipped), cells
        found += bool(skipped)
    assert found > 50  # else the test says little


UNITS = units.unit_names()


@pytest.mark.parametrize("unit", UNITS)
def test_every_tag_has_its_effect_and_none_is_on_a_cell_that_counts(unit):
    source = units.source_notebook(unit)
    tagged = {i for i, cell in enumerate(source.cells) if is_tagged(cell)}
    assert tagged, "no cell is left out"
    assert not [source.cells[i].id for i in tagged if "nbgrader" in source.cells[i].metadata]
    assert not [source.cells[i].id for i in tagged if source.cells[i].id.endswith("-check")]
    skipped = cells_to_skip(source, source, answers_asked(source))
    idle = [source.cells[i].id for i in tagged - skipped]
    assert not idle, f"the tag of {', '.join(idle)} saves nothing: a cell that runs takes a name from there"
