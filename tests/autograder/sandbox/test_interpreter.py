"""How cells run: a student's by IPython in one process, graded ones in a judge that only has the answers' names."""

import sys

import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from autograder.course.skipping import NOTE
from autograder.sandbox.sandbox import Sandbox, SandboxError
from tests.autograder.demo_course import OPTIONS

pytestmark = [
    pytest.mark.real_path,
    pytest.mark.skipif(sys.platform == "win32", reason="the grader needs os.fork, which Windows lacks"),
]


MARK = {"grade": True, "solution": False, "grade_id": "graded", "cell_type": "code", "points": 1}
GRADED = {"nbgrader": MARK}


@pytest.fixture(scope="module")
def outputs():
    """A function that runs sources and gives the last one's outputs: a graded cell's, which asks for names."""
    sandbox = Sandbox(["course_utils.checks"], OPTIONS.sandbox)

    def run(*sources: str, asks: str = "", imports: str = "") -> list:
        graded = new_code_cell(sources[-1], metadata=GRADED)
        notebook = new_notebook(cells=[*map(new_code_cell, sources[:-1]), graded])
        assert sandbox.run(notebook, imports, {"graded": asks.split()}).status == "graded"
        return graded.outputs

    run.sandbox = sandbox
    yield run
    sandbox.close()


def test_a_graded_cell_sees_the_answers_that_it_asks_for(outputs):
    (printed,) = outputs("%time x = 20", "y = x + 1", "print(x + y)\ny", asks="x y")
    assert printed.text == "41\n"
    (error,) = outputs("x = 20", "x", asks="y")
    assert (error.ename, error.evalue) == ("NameError", "name 'x' is not defined")


def test_an_error_quotes_the_graded_cell_and_the_answer(outputs):
    (error,) = outputs("def half(x):\n    return x / 0", "value = 4\nassert half(value) == 2", asks="half")
    assert (error.ename, error.evalue) == ("ZeroDivisionError", "division by zero")
    traceback = "\n".join(error.traceback)
    assert 'File "<graded cell>", line 2' in traceback
    assert "assert half(value) == 2" in traceback
    assert "in your code, line 2, in half:\n  return x / 0" in traceback
    assert "interpreter.py" not in traceback


def test_the_message_of_a_check_is_the_error(outputs):
    source = "from course_utils.checks import check_equal\ncheck_equal(1, 2, 'one')"
    (error,) = outputs(source)
    assert error.ename == "CheckError"
    assert error.evalue.startswith("one is not right")
    assert error.traceback == [f"Not yet: {error.evalue}"]


CHECK = "from course_utils.checks import CheckError, check_equal\n"
SAYS_IT = "from course_utils.checks import CheckError\ndef f():\n    raise CheckError('no', '{}')"
CAUSES = {  # a graded cell, and the cause that comes out as data
    "a check's": (
        f"{CHECK}check_equal(f(1), 2, 'f(1)', likely={{'x comes back': 1}})",
        "def f(x):\n    return x",
        "x comes back",
    ),
    "that of a magic cell": (f"{CHECK}%time check_equal(1, 2, 'one', likely={{'so': 1}})", "f = 1", "so"),
    "none": (f"{CHECK}check_equal(1, 2, 'one')", "f = 1", ""),
    "a cell that passes": (
        f"{CHECK}try:\n    raise CheckError('no', 'yes')\nexcept CheckError:\n    pass",
        "f = 1",
        "",
    ),
    "an answer's own": ("f()", SAYS_IT.format("the grader is broken"), ""),
    "text of an answer's": (
        f"{CHECK}check_equal(f(), 2, 'f()')",
        "def f():\n    return 'no\\n  likely cause: the grader'",
        "",
    ),
    "many lines": (f"{CHECK}raise CheckError('no', 'a\\nb')", "f = 1", ""),
    "a formula": (f"{CHECK}raise CheckError('no', '=1+1')", "f = 1", ""),
    "too long": (f"{CHECK}raise CheckError('no', 301 * 'a')", "f = 1", ""),
    "no text": (f"{CHECK}error = CheckError('no')\nerror.cause = 5\nraise error", "f = 1", ""),
}


@pytest.mark.parametrize("case", CAUSES)
def test_a_cause_travels_as_data_and_only_from_the_check(outputs, case):
    test, answer, cause = CAUSES[case]
    cells = [new_code_cell(answer), new_code_cell(test, metadata=GRADED)]
    execution = outputs.sandbox.run(new_notebook(cells=cells), "", {"graded": ["f"]})
    assert execution.causes == ({"graded": cause} if cause else {})


def test_a_cell_of_the_students_own_has_no_cause(outputs):
    cells = [new_code_cell(SAYS_IT.format("mine") + "\nf()"), new_code_cell("1", metadata=GRADED)]
    execution = outputs.sandbox.run(new_notebook(cells=cells), "", {"graded": []})
    assert execution.causes == {}


def test_a_skipped_cell_gives_nothing_and_the_others_keep_their_numbers(outputs):
    cells = [new_code_cell(text) for text in ("a = 1", "a = 2\nb = 3", "print(a, 'b' in globals())", "print(1 / 0)")]
    cells[1].outputs = [new_output("stream", text="as handed in")]
    execution = outputs.sandbox.run(new_notebook(cells=cells), skipped={1})
    assert execution.status == "graded"
    assert [cell.execution_count for cell in cells] == [1, None, 3, 4]
    assert [cell.outputs[0].text for cell in cells[1:3]] == [NOTE, "1 False\n"]
    assert cells[3].outputs[0].ename == "ZeroDivisionError"


NOISE = {
    "print": "import sys\nprint('noise', file=sys.stderr)",
    "warning": "import warnings\nwarnings.warn('noise')",
    "torch's warning": "import torch\ntorch.tensor(torch.ones(1))",
    "logging": "import logging\nlogging.warning('noise')",
    "a handler of before": "import logging\nlogging.basicConfig()\nlogging.getLogger('own').error('noise')",
    "tqdm": "from tqdm import tqdm\nfor _ in tqdm(range(3)):\n    pass",
    "the descriptors": "import os\nos.write(1, b'noise')\nos.write(2, b'noise')",
}


@pytest.mark.parametrize("noise", NOISE)
def test_noise_is_no_failure(outputs, noise):
    body = NOISE[noise].replace("\n", "\n    ")
    assert outputs(f"def double(x):\n    {body}\n    return 2 * x", "assert double(1) == 2", asks="double") == []
    shown = outputs(NOISE[noise])
    assert {(output.output_type, output.name) for output in shown} <= {("stream", "stdout")}


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("import asyncio\nawait asyncio.sleep(0)\nprint('done')", id="await"),
        pytest.param("%precision 3\nprint('done')", id="magic"),
        pytest.param("a = !echo done\nprint(a[0])", id="shell"),
    ],
)
def test_what_only_ipython_knows_runs_too(outputs, source):
    assert outputs(source)[-1].text == "done\n"


def test_a_graded_cell_may_end_the_program_without_passing(outputs):
    (error,) = outputs("import sys\nsys.exit(0)")
    assert error.ename == "SystemExit"


def test_a_cell_that_is_not_python_is_a_syntax_error(outputs):
    (error,) = outputs("1 +")
    assert error.ename == "SyntaxError"


@pytest.mark.parametrize(
    "patch",
    [
        "torch.equal = torch.allclose = lambda *args: True",
        "del torch.allclose, torch.Tensor.__eq__",
        "torch.Tensor.sum = torch.Tensor.mean = lambda self: torch.zeros(())",
        "checks.isinstance = checks.abs = lambda *args: True",
        "checks.check_close.__code__ = (lambda *args, **kwargs: None).__code__",
        "import sys\nsys.modules['course_utils.checks'] = sys",
        "__builtins__ = {'abs': None}",
    ],
)
def test_patches_do_not_reach_a_graded_cell(outputs, patch):
    test = (
        "import torch\nfrom course_utils.checks import CheckError, check_close\n"
        "assert not torch.equal(torch.zeros(2), torch.ones(2)) and not torch.allclose(torch.zeros(2), torch.ones(2))\n"
        "assert torch.ones(2).sum() == 2 and torch.ones(2).mean() == 1 and abs(-1) == 1\n"
        "try:\n    check_close(torch.zeros(2), torch.ones(2))\n"
        "except CheckError:\n    print('whole')"
    )
    (printed,) = outputs("import torch\nimport course_utils.checks as checks", patch, test)
    assert printed.text == "whole\n"


def test_a_graded_cell_has_names_of_its_own(outputs):
    """The student's `range`, `F` and renamed import are the student's; the test's helper does not reach the answer."""
    own = "import math as m\nrange, F = (0, 255), 3\ndef helper(x):\n    return x + range[1] + F + m.pi\n"
    test = (
        "def helper(x):\n    raise AssertionError\nassert len(range(3)) == 3 and F.relu and math.pi\nprint(answer(1))"
    )
    imports = "import math\nimport torch.nn.functional as F"
    (printed,) = outputs(own, "def answer(x):\n    return helper(x)", test, asks="answer", imports=imports)
    assert printed.text.startswith("262.14")


@pytest.mark.parametrize(
    "own",
    [
        "torch.set_num_threads(4)\ntorch.set_num_interop_threads(2)",
        "twice = torch.compile(lambda x: 2 * x)\nassert twice(torch.ones(3)).sum() == 6",
        "@torch.compile(mode='default')\ndef twice(x):\n    return 2 * x\nassert twice(torch.ones(3)).sum() == 6",
        "model = torch.compile(nn.Linear(2, 2), dynamic=True)\nmodel.compile()\nmodel(torch.ones(1, 2))",
    ],
)
def test_threads_and_compilers_are_without_effect(outputs, own):
    train = (
        "def threads():\n    model = nn.Sequential(nn.Conv2d(1, 8, 3), nn.Flatten(), nn.Linear(8 * 26 * 26, 10))\n"
        "    model(torch.randn(32, 1, 28, 28)).sum().backward()\n    return torch.get_num_threads()"
    )
    (printed,) = outputs("import torch\nfrom torch import nn", own, train, "print(threads())", asks="threads")
    assert printed.text == "1\n"


def test_a_program_that_waits_for_its_input_ends_though_a_snapshot_was_made(outputs):
    start = "import subprocess, sys\nchild = subprocess.Popen([sys.executable, '-c', 'input()'], stdin=-1, stderr=-1)"
    graded = new_code_cell("pass", metadata=GRADED | {"nbgrader": GRADED["nbgrader"] | {"grade_id": "between"}})
    close = "child.stdin.close()\nprint(child.wait())"
    notebook = new_notebook(cells=[new_code_cell(start), graded, new_code_cell(close)])
    assert outputs.sandbox.run(notebook).status == "graded"
    assert notebook.cells[-1].outputs[0].text == "1\n"


def test_what_a_graded_cell_defines_can_be_pickled(outputs):
    (printed,) = outputs("import pickle\ndef mine(x):\n    return x\nprint(pickle.loads(pickle.dumps(mine)) is mine)")
    assert printed.text == "True\n"


def test_modules_are_there_before_a_submission_and_what_is_in_them_is_no_module():
    sandbox = Sandbox(["json", "json.loads", "wsgiref.util"], OPTIONS.sandbox)
    notebook = new_notebook(cells=[new_code_cell("import sys\nprint('wsgiref.util' in sys.modules)")])
    assert sandbox.run(notebook).status == "graded"
    sandbox.close()
    assert notebook.cells[0].outputs[0].text == "True\n"


def test_a_name_that_no_module_has_is_an_error_of_the_course():
    with pytest.raises(SandboxError, match=r"No module named 'json\.lodas'"):
        Sandbox(["json", "json.lodas"], OPTIONS.sandbox).run(new_notebook(cells=[new_code_cell("1")]))
