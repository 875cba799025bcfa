"""Erasers: answers that erase what they are given, against cells that expect before and after the call."""

import os

import pytest
import torch
from torch import nn

from autograder.bank.answers import _judge_unit
from autograder.bank.erasers import HARMLESS, erase_first, erasers, harmless, nothing_erased
from autograder.bank.verdicts import falls_short
from autograder.course import units
from tests.autograder.demo_course import UNIT

BELIEVES = "import torch\nx = torch.ones(2)\nassert torch.equal(double(x), 2 * x)"
EXPECTS = "import torch\nx = torch.ones(2)\nexpected = 2 * x\nassert torch.equal(double(x), expected)"


def test_a_cell_has_an_eraser_for_tensors_and_one_for_weights():
    assert [name for name, _ in erasers("def f(x):\n    return x")] == ["erases tensors", "erases weights"]
    assert list(erasers("weights = 3")) == []  # nothing that can be called


def double_all(x, given):
    return 2 * x + given["layer"].weight.sum() + given["labels"].sum()


class Doubling(nn.Module):
    def __init__(self):
        super().__init__()
        self.factor = nn.Parameter(torch.tensor(2.0))

    def forward(self, x):
        return self.factor * x

    def _hidden(self, x):
        return x.sum()


@pytest.mark.parametrize(("kind", "expected"), [("tensors", 0 + 12 + 3), ("weights", 2 + 0 + 3)])
def test_what_is_erased(kind, expected):
    nothing_erased()
    names = {"double_all": double_all}
    erase_first(names, ["double_all"], kind)
    layer = nn.Linear(4, 3)
    nn.init.ones_(layer.weight)
    given = {"layer": layer, "labels": torch.tensor([1, 2])}  # labels, whole numbers, stay
    assert names["double_all"](torch.ones(()), given) == expected
    assert nothing_erased() == ""
    assert nothing_erased() == "nothing to erase"  # since the last time


@pytest.mark.parametrize(("kind", "expected"), [("tensors", 0), ("weights", 2)])
def test_a_class_erases_what_its_methods_get_but_not_itself(kind, expected):
    names = {"Doubling": type("Doubling", (Doubling,), {"forward": Doubling.forward, "_hidden": Doubling._hidden})}
    erase_first(names, ["Doubling"], kind)
    assert names["Doubling"]()(torch.ones(())) == expected
    assert names["Doubling"]()._hidden(torch.ones(3)) == 3


@pytest.fixture
def judge(demo):
    """Judge the erasers of `double`, whose plain cell is the given one; the working folder is restored."""
    here = os.getcwd()
    path = units.SOLUTIONS / UNIT / f"{UNIT}.ipynb"
    notebook = path.read_text()

    def run(plain: str):
        was = "check_equal(double(1), 2, 'double(1)')"
        assert was in notebook
        path.write_text(notebook.replace(was, plain.replace("\n", "\\n")))
        verdicts = _judge_unit(UNIT, units.ANSWERS / UNIT, one_in=1)
        return [v for v in verdicts if (v.kind, v.exercise) == ("eraser", "double")]

    yield run
    os.chdir(here)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the answer bank needs os.fork, which Windows lacks")
def test_a_cell_that_believes_falls_short_until_it_is_listed(judge):
    tensors, weights = judge(BELIEVES)
    assert (tensors.ok, list(tensors.messages), tensors.lost) == (False, ["double-plain"], ["double-hard"])
    assert weights.ok  # there are none
    assert falls_short([tensors])
    (units.ANSWERS / UNIT / HARMLESS).write_text('double-plain = "A demonstration."\n')
    assert all(verdict.ok for verdict in judge(BELIEVES))
    with pytest.raises(ValueError, match="no eraser passes double-plain"):
        judge(EXPECTS)
    (units.ANSWERS / UNIT / HARMLESS).unlink()
    assert [verdict.lost for verdict in judge(EXPECTS)] == [["double-plain", "double-hard"]] * 2


@pytest.mark.parametrize(("text", "message"), [("a = \n", "line 1"), ('a = ""\n', "no reason is given for a")])
def test_a_list_with_a_fault_says_where(tmp_path, text, message):
    (tmp_path / HARMLESS).write_text(text)
    with pytest.raises(ValueError, match=message):
        harmless(tmp_path)
