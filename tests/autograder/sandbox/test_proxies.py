"""A judge and an answer in two processes: what a test calls runs over there, and comes back as if it had run here."""

import contextlib
import os
import socket

import pytest
import torch

from autograder.sandbox.inside.answering import answer_questions
from autograder.sandbox.inside.proxies import answers
from autograder.sandbox.inside.wire import AnswerGone, Link, WireError
from course_utils.checks import CheckError, check_equal, check_raises, forbid, unchanged
from course_utils.checks.probes import send_probes

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")


@pytest.fixture
def ask():
    """A function that runs code in a fork and gives the names that it defines, as a judge has them."""
    children, ends = [], []

    def start(code: str) -> dict:
        ours, theirs = socket.socketpair()
        pid = os.fork()
        if pid == 0:
            ours.close()
            try:
                names = {}
                exec(code, names)
                answer_questions(Link(theirs), names)
            finally:
                os._exit(0)
        theirs.close()
        children.append(pid)
        ends.append(ours)
        return answers(Link(ours), [name for name in ("f", "g", "x", "Net") if name in code])

    yield start
    send_probes(None)
    for end in ends:
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)  # a reader of the names may still hold it open
        end.close()
    for pid in children:
        os.waitpid(pid, 0)


# For an answer that takes hold of the connection.
FIND_LINK = """
import sys
def find_link():
    frame = sys._getframe()
    while type(frame.f_locals.get('link')).__name__ != 'Link':
        frame = frame.f_back
    return frame.f_locals['link']
"""


def test_functions_and_values(ask):
    names = ask("def f(a, *, b=1):\n    return a * b\nx = {'sizes': [1, (2, 3)]}")
    assert (names["f"](3, b=4), names["x"]) == (12, {"sizes": [1, (2, 3)]})
    assert torch.equal(names["f"](torch.arange(3), b=torch.tensor(2)), torch.tensor([0, 2, 4]))


def test_a_name_that_is_not_there_is_missing(ask):
    assert ask("import math  # x") == {}


def test_errors_keep_their_kind_name_and_text(ask):
    f = ask("class TooLarge(ValueError):\n    pass\ndef f(kind):\n    raise eval(kind)('no: ' + kind)")["f"]
    check_raises(ValueError, f, "ValueError")
    check_raises(ValueError, f, "TooLarge")
    with pytest.raises(CheckError, match=r"f\('KeyError'\) raised KeyError: 'no: KeyError'"):
        check_raises(ValueError, f, "KeyError")
    for kind in ("SystemExit", "KeyboardInterrupt", "BaseException", "Exception"):
        with pytest.raises(RuntimeError, match=f"no: {kind}"):
            f(kind)


def test_what_an_answer_changes_in_its_arguments_is_changed_here(ask):
    f = ask(
        "def f(tensor, numbers, table):\n    tensor.mul_(2)\n"
        "    numbers.append(tensor.sum().item())\n    table['n'] = 1"
    )["f"]
    tensor, numbers, table = torch.ones(3), [0], {}
    f(tensor, numbers, table)
    assert (tensor.tolist(), numbers, table) == ([2, 2, 2], [0, 6], {"n": 1})
    with pytest.raises(CheckError, match="f changed its input `x`"), unchanged("f", x=tensor):
        f(tensor, [], {})


def test_a_list_that_an_answer_turns_around_is_turned_around_here(ask):
    f = ask("def f(layers):\n    layers.reverse()")["f"]
    layers = [(3, 1), (2, [2])]
    f(layers)
    assert layers == [(2, [2]), (3, 1)]


def test_gradients_come_back(ask):
    f = ask("def f(weight, x):\n    (weight * x).sum().backward()")["f"]
    weight = torch.ones(2, requires_grad=True)
    f(weight, torch.tensor([3.0, 4.0]))
    assert weight.grad.tolist() == [3, 4]


def test_what_is_forbidden_here_is_forbidden_there(ask):
    f = ask("import torch\ndef f(x, kernel):\n    return torch.conv2d(x, kernel)")["f"]
    x, kernel = torch.ones(1, 1, 3, 3), torch.ones(1, 1, 2, 2)
    assert f(x, kernel).shape == (1, 1, 2, 2)
    with pytest.raises(CheckError, match=r"torch\.conv2d and its relatives are blocked"), forbid("torch.conv2d"):
        f(x, kernel)


def test_an_object_that_is_equal_to_everything_has_no_say_here(ask):
    names = ask(
        "class Same:\n    __eq__ = lambda *_: True\n    __hash__ = object.__hash__\n"
        "class Number(int):\n    __eq__ = lambda *_: True\nx = Same()\ndef f():\n    return Number(3)"
    )
    for value in (names["x"], names["f"]()):
        with pytest.raises(CheckError):
            check_equal(value, 5)


def test_the_test_s_frames_are_not_over_there(ask):
    f = ask(
        "import sys\ndef f():\n    frame = sys._getframe()\n    seen = []\n    while frame:\n"
        "        seen += frame.f_locals\n        frame = frame.f_back\n    return seen"
    )["f"]
    secret_expected_value = 5
    assert "secret_expected_value" not in f()
    assert secret_expected_value == 5


def test_a_process_that_ends_is_no_error_of_the_answer(ask):
    f = ask("import os\ndef f():\n    os._exit(0)")["f"]
    with pytest.raises(AnswerGone):
        check_raises(ValueError, f)
    with pytest.raises(AnswerGone):
        f()


@pytest.mark.parametrize(
    "reply",
    [
        "5",
        "{'error': 5}",
        "{'error': 'E', 'bases': 7, 'text': ''}",
        "{'kind': 'module'}",
    ],
)
def test_a_reply_that_is_none(ask, reply):
    # The answer's own code writes to the socket that it finds.
    code = FIND_LINK + f"def f():\n    link = find_link()\n    link.send({reply})\n"
    f = ask(code)["f"]
    if "kind" in reply:
        f()
        with pytest.raises(WireError):
            answers(type(f)._mirrors.call.__self__._link, ["f", "f"])
    else:
        with pytest.raises(WireError):
            f()


def test_garbage_and_floods(ask):
    code = FIND_LINK + "def f(data):\n    link = find_link()\n    link._end.sendall(bytes(data))\n"
    for data in ([255] * 8, [0, 0, 0, 2, 1, 1]):
        with pytest.raises(WireError):
            ask(code)["f"](data)


def test_a_result_that_is_too_large(ask):
    f = ask("import torch\ndef f(shape):\n    return torch.zeros(1).expand(shape)")["f"]
    with pytest.raises(ValueError, match="too large to be judged"):
        f(2**27)
    with pytest.raises(ValueError, match="cannot be sent to the test"):
        f((2**40, 2**10))


@pytest.mark.parametrize(
    "draw", ["torch.rand(3)", "torch.tensor(np.random.rand(3))", "torch.tensor([random.random()])"]
)
def test_random_numbers_follow_the_generator_of_the_test(ask, draw):
    f = ask(f"import random, torch, numpy as np\ndef f(a=0):\n    return {draw} if a == 0 else a")["f"]
    torch.manual_seed(5)
    first, second = f(), f()
    assert not torch.equal(first, second)
    torch.manual_seed(5)
    before = torch.get_rng_state()
    f(1)
    assert torch.equal(torch.get_rng_state(), before)  # it drew nothing
    assert torch.equal(f(), first)
    assert torch.equal(f(), second)


def test_settings_that_an_answer_changes_for_good(ask):
    code = "import torch\ndef f():\n    torch.set_grad_enabled(False)\n    torch.set_default_dtype(torch.float64)"
    try:
        ask(code)["f"]()
        assert not torch.is_grad_enabled()
        assert torch.get_default_dtype() is torch.float64
    finally:
        torch.set_grad_enabled(True)
        torch.set_default_dtype(torch.float32)


def test_settings_of_torch_go_along(ask):
    f = ask("import torch\ndef f():\n    return [torch.is_grad_enabled(), torch.tensor(0.5) + 0]")["f"]
    with torch.no_grad():
        assert f()[0] is False
    torch.set_default_dtype(torch.float64)
    try:
        assert f()[1].dtype is torch.float64
    finally:
        torch.set_default_dtype(torch.float32)
    enabled, value = f()
    assert (enabled, value.dtype) == (True, torch.float32)


def test_named_tuples_and_ordered_dictionaries_are_plain(ask):
    names = ask(
        "import collections, torch\nPair = collections.namedtuple('Pair', 'first second')\n"
        "x = collections.defaultdict(list, {'a': [1]})\ndef f(t):\n    return Pair(t, t * 2)\n"
        "def g(t):\n    return collections.OrderedDict(most=t.max(dim=0))"
    )
    t = torch.tensor([1.0, 3.0], requires_grad=True)
    first, second = names["f"](t)
    assert first is t
    second.sum().backward()
    assert t.grad.tolist() == [2.0, 2.0]
    assert names["x"] == {"a": [1]}
    assert type(names["x"]) is dict
    assert names["g"](t)["most"][1].item() == 1
