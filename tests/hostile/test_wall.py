"""Attacks on the wall between answer and test: whatever a snapshot does with its end, only right values earn a mark."""

import pytest

from autograder.course import units
from autograder.grading.classes import grade_class
from autograder.grading.submissions import Options
from autograder.sandbox import outer_wall
from autograder.sandbox.sandbox import Limits
from tests.hostile.hostile_class import RIGHT, answered, hand_in, make_course, released

pytestmark = [
    pytest.mark.real_path,
    pytest.mark.skipif(bool(problem := outer_wall.problem()), reason=f"no sandbox here: {problem}"),
]

SECONDS = 2  # of computing time for a cell
# In a snapshot an answer finds the end of the connection, and the functions that write to it.
FIND = (
    "import gc, json, os, struct, threading, time\n"
    "from autograder.sandbox.inside import answering, wire\n"
    "def link():\n    return next(o for o in gc.get_objects() if type(o) is wire.Link)\n"
    "def raw(header, *blobs):\n"
    "    head = json.dumps(header).encode()\n"
    "    body = struct.pack('!I', len(head)) + head + b''.join(blobs)\n"
    "    link()._end.sendall(struct.pack('!I', len(body)) + body)\n"
)
# Each defines `double`, and none knows what a hidden test expects.
WRONG_VALUES = {
    "nan": "def double(x):\n    return float('nan')",
    "infinity": "def double(x):\n    return float('inf')",
    "equal-to-everything": "class Any(int):\n    __eq__ = lambda *a: True\ndef double(x):\n    return Any(0)",
    "tensor-subclass": (
        "import torch\nclass Any(torch.Tensor):\n    def item(self):\n        return 2\n"
        "def double(x):\n    return torch.zeros(()).as_subclass(Any)"
    ),
    "item-of-its-own": ("import torch\ndef double(x):\n    t = torch.zeros(())\n    t.item = lambda: 2\n    return t"),
    "list-in-itself": "def double(x):\n    a = []\n    a.append(a)\n    return a",
    "huge-shape": "import torch\ndef double(x):\n    return torch.zeros(1).expand(2**40, 2**10)",
    "number-of-a-million-digits": "def double(x):\n    return 2 ** (2**22)",
    "half-a-character": "def double(x):\n    return '\\ud800' * 3",
    "name-of-its-type": "def double(x):\n    return type('x' * 10**6 + '\\n', (), {})()",
    "error-without-text": (
        "class Odd(ValueError):\n    def __str__(self):\n        raise SystemExit\ndef double(x):\n    raise Odd"
    ),
    "error-of-an-odd-class": "def double(x):\n    raise type('E', (UnicodeDecodeError, BaseException), {})",
    "answers-with-the-frame": (
        "import sys\ndef double(x):\n    f = sys._getframe()\n    while f:\n        for v in f.f_locals.values():\n"
        "            if type(v) is int and v > 20:\n                return v\n        f = f.f_back\n    return 0"
    ),
    "calls-itself-from-a-fork": "import os\ndef double(x):\n    os.fork()\n    return 0",
    "racing-threads": (
        FIND + "def double(x):\n"
        "    for _ in range(20):\n"
        "        threading.Thread(target=lambda: link().send({'value': 2}), daemon=True).start()\n    return 0"
    ),
    "answers-twice": FIND + "def double(x):\n    link().send({'value': 2})\n    return 0",
    "arguments-of-other-types": (
        FIND + "def double(x):\n    link().send({'value': 0, 'changed': [[[]] * 10**5, {'x': 5}]})\n    return 0"
    ),
    "error-that-names-no-error": FIND
    + "def double(x):\n    link().send({'error': 'E', 'bases': ['exit'], 'text': ''})",
    "closes-its-end": FIND + "def double(x):\n    link()._end.close()\n    return 0",
    "leaves-without-a-word": FIND + "def double(x):\n    os._exit(0)",
    "kills-what-it-can": "import os\ndef double(x):\n    os.kill(-1, 9)",
    "replaces-the-seeds": (
        "import torch\nseen = []\ntorch.manual_seed = lambda seed: seen.append(seed)\n"
        "def double(x):\n    return seen[-1]"
    ),
}
# What only code sends that took hold of the connection is certain.
LIES = {
    "patches-what-serves": FIND + "def double(x):\n    return 0\nwire._parts = lambda value: [b'']",
    "garbage": FIND + "def double(x):\n    link()._end.sendall(b'\\xff' * 100)",
    "flood": FIND + "def double(x):\n    link()._end.sendall(b'\\x11' * 10**8)",
    "no-dictionary": FIND + "def double(x):\n    link().send([2])",
    "pickle": FIND + "def double(x):\n    raw([{'pickle': 'gASVKQ'}, []])",
    "tensor-that-is-too-short": (
        FIND + "def double(x):\n"
        "    raw([{'dict': [['value', {'tensor': [0, 'torch.int64', [2**30], False, False, None]}]]}, [8]], bytes(8))"
    ),
    "negative-size": (
        FIND + "def double(x):\n"
        "    raw([{'dict': [['value', {'tensor': [0, 'torch.int64', [-1], False, False, None]}]]}, [8]], bytes(8))"
    ),
    "values-without-end": (
        FIND + "def double(x):\n    text = b'{\"list\": [' * 10**5\n"
        "    body = struct.pack('!I', len(text)) + text\n"
        "    link()._end.sendall(struct.pack('!I', len(body)) + body)"
    ),
}
LATE = {
    "serves-again-inside-a-call": (
        FIND + "import __main__\ndef double(x):\n    answering.answer_questions(link(), {'double': lambda x: 0})"
    ),
    "half-a-message": FIND + "def double(x):\n    link()._end.sendall(b'\\x00\\x00')\n    time.sleep(10**6)",
    "text-that-never-comes": (
        "class Slow(ValueError):\n    def __str__(self):\n        while True:\n            pass\n"
        "def double(x):\n    raise Slow"
    ),
}


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    root = tmp_path_factory.mktemp("wall")
    make_course(root / "course")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(units, "SOLUTIONS", root / "course" / "solutions")
        patch.setattr(units, "ANSWERS", root / "course" / "answers")
        blank = released(root / "released")
        hand_in(root / "submitted", "honest", answered(blank, RIGHT))
        for name, code in (WRONG_VALUES | LIES | LATE).items():
            hand_in(root / "submitted", name, answered(blank, RIGHT | {"double": code}))
        options = Options(2, limits=Limits(SECONDS, wall_factor=2))
        graded = grade_class(root / "submitted", root / "out", [], options).results
    return {result.student: result for result in graded}


def test_the_honest_student_beside_them(results):
    assert (results["honest"].status, results["honest"].score) == ("graded", 4)


@pytest.mark.parametrize("name", WRONG_VALUES)
def test_only_right_values_earn_a_mark(results, name):
    result = results[name]
    # For the other exercise; who kills the own processes has nothing left that could be asked.
    assert (result.status, result.score) == ("graded", 0 if name == "kills-what-it-can" else 2), result


@pytest.mark.parametrize("name", LIES)
def test_a_lie_is_tampered(results, name):
    assert results[name].status == "tampered", results[name]
    assert results[name].score in (0, 2)


@pytest.mark.parametrize("name", LATE)
def test_what_never_answers_is_late(results, name):
    assert (results[name].status, results[name].score) == ("timeout", 2), results[name]


def test_nothing_of_the_test_is_told(results):
    told = str([result.as_json() for result in results.values()])
    for secret in ("likely=", "HIDDEN", "check_equal("):
        assert secret not in told
