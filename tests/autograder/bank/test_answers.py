"""The judge of the answer bank, on answers whose verdict is plain."""

import os

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from autograder.bank.answers import _judge_unit, judge_bank
from autograder.bank.verdicts import print_report
from autograder.course import units
from tests.autograder.demo_course import UNIT

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the answer bank needs os.fork, which Windows lacks")


CHECK = "from course_utils.checks import check_equal\ncheck_equal(double(0), 0, 'double(0)', likely={'one more': 1})"


@pytest.fixture
def judge(demo):
    """Judge one more answer to `double`, whose visible check calls it with 0; the working folder is restored."""
    here = os.getcwd()
    path = units.SOLUTIONS / UNIT / f"{UNIT}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.insert(3, new_code_cell(CHECK, id="double-check"))
    nbformat.write(notebook, path)

    def run(name: str, source: str):
        (units.ANSWERS / UNIT / "double" / name).write_text(source)
        verdicts = _judge_unit(UNIT, units.ANSWERS / UNIT)
        return next(verdict for verdict in verdicts if verdict.answer == name)

    yield run
    os.chdir(here)


def test_right_and_wrong(judge):
    assert judge("right-sum.py", "def double(x):\n    return sum([x, x])").ok
    verdict = judge("wrong-square.py", "def double(x):\n    return 2 if x < 2 else x * x")
    assert verdict.ok  # 1 gives 2 and 2 gives 4: the plain cell is passed, the hard one lost
    assert verdict.lost == ["double-hard"]
    assert "expected: 20" in verdict.messages["double-hard"]


def test_a_right_answer_that_loses_falls_short(judge, capsys):
    verdict = judge("right-not-really.py", "def double(x):\n    return 0")
    assert not verdict.ok
    print_report([verdict], with_messages=False)
    assert "FELL SHORT 00-demo/double/right-not-really.py" in capsys.readouterr().out


def test_a_wrong_answer_that_loses_nothing_falls_short(judge):
    assert not judge("wrong-is-right.py", "def double(x):\n    return 2 * x").ok


@pytest.mark.parametrize(("declared", "ok"), [("double-plain, double-hard", True), ("double-hard", False)])
def test_declared_losses_are_exact(judge, declared, ok):
    assert judge("wrong-zero.py", f"# always zero\n# loses: {declared}\ndef double(x):\n    return 0").ok is ok


PLUS_ONE = "def double(x):\n    return 2 * x + 1"  # the check sees 1 where 0 is right, and says "one more"


@pytest.mark.parametrize(
    ("head", "naming"),
    [("", "named wrongly"), ("# cause: one less\n", "named wrongly"), ("# cause: one more\n", "named rightly")],
)
def test_a_cause_is_named_rightly_if_the_answer_says_so(judge, head, naming):
    verdict = judge("wrong-plus-one.py", "# one too many\n" + head + PLUS_ONE)
    assert "likely cause: one more" in verdict.seen
    assert verdict.naming == naming


def test_without_a_cause_a_mistake_is_unnamed(judge):
    verdict = judge("wrong-square.py", "# a square\ndef double(x):\n    return 2 if x < 2 else x * x")
    assert "came:     2" in verdict.seen
    assert verdict.naming == "unnamed"


def test_a_right_answer_passes_the_visible_check(judge):
    verdict = judge("right-but-for-zero.py", "def double(x):\n    return 2 * x or 5")
    assert not verdict.lost
    assert not verdict.ok


def test_what_the_visible_check_changes_is_unseen_by_the_graded_cells(judge):
    source = "calls = []\ndef double(x):\n    calls.append(x)\n    return 2 * x if len(calls) < 5 else 0"
    assert judge("right-four-calls.py", source).ok  # the two graded cells call it twice each, the check once


@pytest.mark.parametrize(
    "source",
    [
        "import os\nos._exit(0)",
        "raise SystemExit",
        "def double(:",
    ],
    ids=["exit", "SystemExit", "syntax"],
)
def test_broken_answers_lose(judge, source):
    assert judge("wrong-broken.py", source).lost == ["double-plain", "double-hard"]


def test_what_an_answer_writes_to_the_error_stream_costs_nothing(judge):
    assert judge("right-noisy.py", "import sys\ndef double(x):\n    print('x', file=sys.stderr)\n    return 2 * x").ok


def test_one_answer_leaves_the_next_alone(judge):
    judge("right-a.py", "import builtins\nbuiltins.sum = None\ndef double(x):\n    return 2 * x")
    assert judge("right-b.py", "def double(x):\n    return sum([x, x])").ok


def test_folders_that_match_nothing_are_named(demo):
    (units.ANSWERS / UNIT / "triple").mkdir()
    with pytest.raises(ValueError, match="has no exercise 'triple'"):
        _judge_unit(UNIT, units.ANSWERS / UNIT)
    with pytest.raises(ValueError, match="no answers in"):
        next(judge_bank(demo / "nothing"))
