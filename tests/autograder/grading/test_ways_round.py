"""Notes for a person on passed exercises: none on honest work, and what was seen on names of a way round."""

import copy
import itertools
import json
import xml.etree.ElementTree as ET

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from autograder.course import units
from autograder.course.exercises import exercises_of
from autograder.course.forbidden import forbidden_in
from autograder.grading import ways_round
from autograder.grading.classes import Graded, grade_class
from autograder.grading.ways_round import notes_on
from autograder.reports import feedback
from autograder.reports.marks import print_table, to_json, to_junit
from course_utils.checks import forbidden, forbidden_functions
from tests.autograder.demo_course import OPTIONS, RIGHT, UNIT

SOURCES = {unit: units.source_notebook(unit) for unit in units.unit_names()}


def notes(unit, answers, *cells, first=False):
    """The notes on a notebook that passes everything, with these answers and cells of the student's own."""
    source = SOURCES[unit]
    notebook = copy.deepcopy(source)
    for exercise in exercises_of(source):
        notebook.cells[exercise.task].source = answers.get(exercise.name, notebook.cells[exercise.task].source)
    own = [new_code_cell(text) for text in cells]
    notebook.cells = own + notebook.cells if first else notebook.cells + own
    return notes_on(notebook, source)


# Honest work.


@pytest.mark.parametrize("unit", SOURCES)
def test_no_note_on_a_solution_and_on_any_right_answer(unit):
    assert notes(unit, {}) == []
    # All first answers together, then all second ones, and so on.
    folders = [sorted(folder.glob("right-*.py")) for folder in (units.ANSWERS / unit).iterdir()]
    for paths in itertools.zip_longest(*folders):
        answers = {path.parent.name: path.read_text(encoding="utf-8") for path in paths if path is not None}
        assert notes(unit, answers) == [], list(answers)


@pytest.mark.parametrize(
    "cell",
    [
        "import scipy.signal\nseen = scipy.signal.correlate2d(x, k, mode='valid')\nassert (corr2d(x, k) == seen).all()",
        "import numpy as np\nprint(np.convolve([1, 2], [3, 4]), np.lib.stride_tricks.sliding_window_view(a, 3))",
        "import cv2\nphoto = cv2.GaussianBlur(photo, (3, 3), 0)",
        "x = torch.ones(3, requires_grad=True)\nx.sum().backward()\nprint(torch.autograd.grad, x.grad_fn)",
        "fast = torch.compile(net)\nnet.eval()",
        "import sys, gc\n'google.colab' in sys.modules\ngc.collect()",
        "for name in ('relu', 'tanh'):\n    print(getattr(torch, name)(x))",
        "!pip install scipy\n%matplotlib inline",
        "%%bash\nls",
        "def broken(:",
    ],
)
@pytest.mark.parametrize("first", [False, True])
def test_no_note_on_a_cell_that_no_answer_depends_on(cell, first):
    assert [note for unit in ("01-convolution", "07-going-deeper") for note in notes(unit, {}, cell, first=first)] == []


def test_no_note_where_nothing_is_forbidden_or_nothing_was_passed():
    answer = "import scipy.signal, ctypes\ndef corr2d(x, kernel):\n    return scipy.signal.correlate2d(x, kernel)"
    assert notes("05-lenet", {"layer": answer}) == []
    source = copy.deepcopy(SOURCES["01-convolution"])
    for cell in source.cells:
        if cell.get("metadata", {}).get("nbgrader", {}).get("grade_id", "").startswith(("corr2d", "conv2d", "learn")):
            cell.source = answer if cell.metadata.nbgrader.grade_id == "corr2d" else cell.source
            cell.outputs = [nbformat.v4.new_output("error", ename="CheckError", evalue="", traceback=[])]
    assert [note for note in notes_on(source, SOURCES["01-convolution"]) if "correlate2d" in note] == []


def test_what_an_answer_may_build_on_leaves_no_note():
    answer = (
        "import numpy as np\ndef im2col(x, size, stride=1, padding=0):\n"
        "    return torch.as_strided(x, a, b), np.lib.stride_tricks.sliding_window_view(x, 3)"
    )
    assert (
        notes("01-convolution", {"im2col": answer, "corr2d": "def corr2d(x, k):\n    return torch.fft.fft2(x)"}) == []
    )


# Names of a way round.


def corr2d(body, before=""):
    return {"corr2d": f"{before}\ndef corr2d(x, kernel):\n    return {body}"}


@pytest.mark.parametrize(
    ("answers", "cells", "seen"),
    [
        (corr2d("s.correlate2d(x, kernel)", "import scipy.signal as s"), [], "scipy.signal.correlate2d (line 3)"),
        (corr2d("c(x, kernel)"), ["from scipy.signal import correlate as c"], "scipy.signal.correlate (line 3)"),
        (
            corr2d("helper(x, kernel)"),
            ["import cv2\ndef helper(x, k):\n    return cv2.filter2D(x, -1, k)"],
            "cv2.filter2D",
        ),
        (corr2d("np.convolve(x, kernel)", "import numpy as np"), [], "numpy.convolve"),
        (corr2d("kernel.take(x)"), ["taken = torch.library.get_kernel('aten::convolution', 'CPU')"], "torch.library"),
        (corr2d("f(x)"), ["f = torch.jit.trace(net, x)"], "torch.jit.trace"),
        (corr2d("f(x)", "f = torch.compile(F.conv2d)"), [], "torch.compile"),
        (corr2d("torch.ops.aten.conv2d(x, kernel)"), [], "torch.ops.aten.conv2d"),
        (corr2d("getattr(torch, '_C')._nn.thnn_conv2d(x)"), [], "torch._C._nn.thnn_conv2d"),
        (corr2d("getattr(torch, 'con' + 'v2d')(x)"), [], "getattr(...)"),
        (corr2d("subprocess.run(x)", "import subprocess"), [], "subprocess.run"),
        (corr2d("0"), ["import ctypes\nctypes.CDLL(None)"], "ctypes.CDLL"),
        (corr2d("0"), ["import gc\n[o._destroy() for o in gc.get_objects()]"], "gc.get_objects"),
        (corr2d("0"), ["exec(hidden)"], "exec"),
        (corr2d("0"), ["%%cython\nint x"], "get_ipython.cell_magic.cython"),
        (corr2d("0"), ["from course_utils.checks import forbidden\nforbidden._active.clear()"], "forbidden._active"),
        (corr2d("0"), ["import scipy.signal as s\ncorr2d.__code__ = s.correlate.__code__"], "scipy.signal.correlate"),
        (
            corr2d("torch.mine(x)"),
            ["import torch, scipy.signal as s\ntorch.mine = s.convolve"],
            "scipy.signal.convolve",
        ),
        (corr2d("tools[0](x)"), ["import scipy.signal as s\ntools.append(s.convolve)"], "scipy.signal.convolve"),
        (corr2d("0"), ["-" * 10_000 + "1"], "code that could not be read"),
    ],
)
def test_a_note_says_what_was_seen_and_where(answers, cells, seen):
    found = notes("01-convolution", answers, *cells)
    assert any(seen in note and "corr2d" in note and " torch.conv2d" in note for note in found), found


@pytest.mark.parametrize(
    ("unit", "exercise", "answer", "seen"),
    [
        ("01-convolution", "pool2d", "import scipy.ndimage as n\nn.maximum_filter", "scipy.ndimage.maximum_filter"),
        ("01-convolution", "im2col", "from sklearn.feature_extraction import image\nimage.grow", "sklearn"),
        ("01-convolution", "conv2d_backward", "torch.func.vjp(f, x)", "torch.func.vjp"),
        ("01-convolution", "conv2d_backward", "y.grad_fn.next_functions", "y.grad_fn"),
        ("01-convolution", "conv2d_backward", "torch._VF._make_dual(x)", "torch._VF"),
        ("07-going-deeper", "BatchNorm2d", "import jax\njax.nn.standardize", "jax.nn.standardize"),
        ("07-going-deeper", "Dropout", "import keras\nkeras.layers.Dropout", "keras.layers.Dropout"),
        ("02-shapes", "conv_output_size", "from course_utils.shapes.sizes import x as c\nc()", "shapes.sizes.x"),
    ],
)
def test_a_note_for_each_family(unit, exercise, answer, seen):
    (note,) = notes(unit, {exercise: answer})
    assert note.startswith(f"{exercise} forbids ")
    assert seen in note


def test_a_note_in_full():
    answer = "import scipy.signal as s\ndef corr2d(x, kernel):\n    return s.correlate2d(x, kernel)"
    (note,) = notes("01-convolution", {"corr2d": answer})
    place = next(e.task for e in exercises_of(SOURCES["01-convolution"]) if e.name == "corr2d") + 1
    assert note == f"corr2d forbids torch.conv2d; cell {place} (corr2d) has scipy.signal.correlate2d (line 3)"


def test_many_names_make_a_short_note():
    cells = [f"import ctypes\n{'; '.join(f'ctypes.a{i}' for i in range(100))}"] * 30
    found = notes("01-convolution", {}, *cells)
    assert len(found) == ways_round.MOST_NOTES + 1
    assert len("; ".join(found)) < 3000


def test_every_name_that_can_be_forbidden_has_its_row():
    families = {*forbidden._OPERATIONS, forbidden._AUTOGRAD}
    assert families == ways_round._EQUIVALENTS.keys()
    assert {n for unit in SOURCES.values() for names in forbidden_in(unit).values() for n in names} <= families | {
        n
        for unit in SOURCES.values()
        for names in forbidden_in(unit).values()
        for n in names
        if n.startswith("course_utils.")
    }
    # What `forbid` knows of other libraries is noted too: it can be called where nothing blocks it.
    for operation, modules in forbidden_functions.ELSEWHERE.items():
        near = ways_round.near_names([operation])
        assert all(ways_round._matches(f"{module}.{name}", near) for module, names in modules.items() for name in names)


# On the way to a person.


@pytest.mark.real_path
def test_a_note_is_told_to_the_person_and_not_to_the_student(handed_in, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(ways_round, "forbidden_in", lambda source: {"double-plain": ["torch.conv2d"]})
    handed_in("ada", RIGHT)
    handed_in("bob", RIGHT | {"double": f"import ctypes\nctypes.sizeof(ctypes.c_int)\n{RIGHT['double']}"})
    for _ in range(2):  # what is kept has the note too
        class_ = Graded(grade_class(handed_in.submitted, tmp_path / "out", [], OPTIONS, feedback).results)
        ada, bob = class_.results
        assert (ada.status, ada.score, ada.told) == ("graded", 4, "")
        assert (bob.status, bob.score, bob.note) == ("graded", 4, "")
        assert (
            bob.told == "double forbids torch.conv2d; cell 4 (double) has ctypes.sizeof (line 2), ctypes.c_int (line 2)"
        )
        print_table(class_.results)
        assert f"  {bob.told}\n" in capsys.readouterr().out
        assert json.loads(to_json(class_))["submissions"][1]["note"] == bob.told
        cases = ET.fromstring(to_junit(class_)).findall("testsuite/testcase/system-out")
        assert [case.text for case in cases] == ["4 of 6", f"4 of 6\n{bob.told}"]
        assert "forbids" not in (tmp_path / "out" / "feedback" / "bob" / UNIT / f"{UNIT}.html").read_text()
