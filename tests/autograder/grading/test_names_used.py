"""Which names code uses, read as text."""

import time

import pytest

from autograder.grading.names_used import MOST, read_cells


def names(*sources):
    return {name for cell in read_cells(list(sources)) for name, _ in cell.names}


@pytest.mark.parametrize(
    "sources",
    [
        ["import scipy.signal\nscipy.signal.correlate(x)"],
        ["import scipy.signal as s", "s.correlate(x)"],
        ["from scipy import signal as s\ndef f(x):\n    return s.correlate(x)"],
        ["from scipy.signal import correlate as c", "def f(x):\n    return c(x)"],
        ["def f(x):\n    from scipy.signal import correlate as c\n    return c(x)"],
        ["from scipy.signal import *", "correlate(x)"],
        ["import scipy.signal as s\nf = s.correlate\ng = f", "g(x)"],
        ["import scipy.signal as s\n(g := s.correlate)(x)"],
        ["import scipy.signal as s\ngetattr(s, 'correlate')(x)"],
        ["import scipy.signal as s\ngetattr(getattr(s, 'nothing'), 'x'); vars(s)['correlate'](x)"],
        ["import scipy.signal as s\ns.__dict__['correlate'](x)"],
        ["import importlib\nimportlib.import_module('scipy.signal').correlate(x)"],
        ["from importlib import import_module as load\nm = load('scipy.signal')", "m.correlate(x)"],
        ["__import__('scipy.signal').signal.correlate(x)"],
        ["import sys\nsys.modules['scipy.signal'].correlate(x)"],
        ["%%time\nimport scipy.signal as s\ns.correlate(x)"],
        ["import scipy.signal as s\n%timeit s.correlate(x)"],
        ["!ls\nimport scipy.signal as s\ns.correlate(x)"],
        ["class A:\n    def f(self):\n        import scipy.signal as s\n        return [s.correlate(y) for y in x]"],
    ],
)
def test_a_name_is_followed(sources):
    assert "scipy.signal.correlate" in names(*sources)


@pytest.mark.parametrize(
    "sources",
    [
        ["from scipy import signal", "def f(signal):\n    return signal.correlate(1)"],
        ["from scipy import signal", "lambda signal: signal.correlate(1)"],
        ["from scipy import signal", "def f(x):\n    signal = x\n    return signal.correlate(1)"],
        ["text = 'scipy.signal.correlate'  # scipy.signal.correlate"],
        ["from scipy.signal import correlate"],
        ["from scipy.signal import correlate\ncorrelate(  # never runs"],
    ],
)
def test_another_name_is_not(sources):
    assert "scipy.signal.correlate" not in names(*sources)


def test_names_that_are_not_written_out():
    assert "getattr(...)" in names("import torch\ngetattr(torch, 'con' + 'v2d')")
    assert "getattr(...)" not in names("def f(self, name):\n    return getattr(self, name)")
    assert "importlib.import_module(...)" in names("import importlib\nimportlib.import_module(x)")
    assert "*.next_functions" in names("f(x).next_functions")


def test_what_cells_set_and_read():
    cells = read_cells(
        ["import torch\nw = 1\ndef f(x):\n    y = x\n    return w", "f.g = 2", "torch.f = 3", "d['k'] = 4"]
    )
    assert [cell.sets for cell in cells] == [{"w", "f"}, {"f"}, {"torch"}, {"d"}]
    assert cells[0].reads == {"w"}
    assert [cell.changes_modules for cell in cells] == [False, False, True, False]


@pytest.mark.parametrize(
    ("source", "readable"),
    [
        ("-" * 90_000 + "1", False),
        ("1" + "+1" * 45_000, False),
        ("a" + ".b" * 45_000, False),
        ("lambda:" * 14_000 + "1", False),
        ("x = 1\n" * MOST, False),
        ("/exec x", False),
        ("a=" * 45_000 + "1", True),
        ("a=b;b=a;" * 10_000, True),
        ("a.b;" * 25_000, True),
        ("a = a.b\n" * 9_000, True),
        ("import a\n" + "".join(f"a{i} = a{i - 1}\n" for i in range(1, 9_000)) + "a8999.x", True),
        ("getattr(" * 90 + "a" + ", 'b')" * 90, True),
        ("\0", True),
        ("\ud800", True),
    ],
)
def test_no_code_is_too_much(source, readable):
    start = time.process_time()
    assert read_cells([source])[0].readable == readable
    assert time.process_time() - start < 20
