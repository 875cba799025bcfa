"""What is left of code when a disguise is taken off, and what is not."""

import pytest

from autograder.reports.similarity.normal_form import MOST, imports_of, parse, words_of

PLAIN = """
def mean_loss(loader, model):
    total = 0.0
    for images, labels in loader:
        total += F.cross_entropy(model(images), labels, reduction="sum").item()
    return total / 3
"""
DISGUISED = '''
import torch.nn.functional as functions

def loss_of(batches: list, network) -> float:
    """All in my own words."""
    s: float = 0.0   # it starts here
    for x, y in batches:
        pass
        s += functions.cross_entropy(network(x),
                                     y, reduction='mean').item()

    return (s / 3)
'''
# The words by which the second differs are of what it does.
OTHERS = {
    "another number": ("total / 3", "total / 4"),
    "another operation": ("total / 3", "total * 3"),
    "another method": (".item()", ".detach()"),
    "another function": ("F.cross_entropy", "F.nll_loss"),
    "another order": ("model(images), labels", "labels, model(images)"),
    "another keyword": ("reduction=", "weight="),
}


def words(source):
    return [word for word, _ in words_of(parse(source), {"F": "functional"})]


def test_a_disguise_changes_nothing():
    assert words(PLAIN) == words(DISGUISED)


@pytest.mark.parametrize("change", OTHERS.values(), ids=OTHERS)
def test_what_code_does_makes_a_difference(change):
    assert change[0] in PLAIN
    assert words(PLAIN) != words(PLAIN.replace(*change))


def test_attributes_that_the_code_sets_are_its_own_names():
    one = "class A:\n def __init__(self):\n  self.conv = Conv2d(1, 2)\n def forward(self, x):\n  return self.conv(x)"
    two = one.replace("conv", "first").replace("A:", "Net:")
    assert words(one) == words(two)
    assert words(one) != words(one.replace("self.conv(x)", "self.pool(x)"))


def test_a_keyword_of_an_own_function_is_an_own_name():
    assert words("def f(a): return a\nf(a=1)") == words("def g(b): return b\ng(b=1)")


def test_lines_are_those_of_the_code():
    assert words_of(parse("a = 1\nb = -a")) == [
        *[("Assign", 1), ("_", 1), ("1", 1)],
        *[("Assign", 2), ("_", 2), ("UnaryOp", 2), ("USub", 2), ("_", 2)],
    ]


def test_magics_are_read_and_what_is_no_code_is_said():
    assert parse("%matplotlib inline\n!ls\nx = 1").body
    for source, said in (("def f(:", "line 1"), ("x" * (MOST + 1), "100,001 characters"), ("a\0b", "does not parse")):
        with pytest.raises(ValueError, match=said):
            parse(source)
    with pytest.raises(ValueError, match=r"nested too deep|does not parse"):
        words_of(parse("x = " + "-" * 5000 + "1"))


def test_imports_lead_to_the_name_where_it_comes_from():
    tree = parse("import numpy as np\nfrom torch.nn import functional as F, Linear\nimport torch.nn")
    assert imports_of(tree) == {"np": "numpy", "F": "functional", "Linear": "Linear", "torch.nn": "nn"}
