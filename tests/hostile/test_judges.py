"""Answers that patch what judges them: private helpers of the checks, `check_shape`, and the trials of loops.

One unit with two exercises, `widened` (judged by its shape) and `train` (judged by a trial), each of two marks. A
student hands in an attack for one of them and a right answer for the other: 2 marks say that the attack earned nothing
and that what it broke was whole again for the other exercise.
"""

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.bank.sample_class import answer
from autograder.course import units
from autograder.grading.classes import grade_class
from autograder.grading.submissions import Options
from autograder.release.notebooks import generate
from autograder.sandbox import outer_wall
from tests.autograder import demo_course
from tests.hostile.hostile_class import hand_in

pytestmark = [
    pytest.mark.real_path,
    pytest.mark.skipif(bool(problem := outer_wall.problem()), reason=f"no sandbox here: {problem}"),
]

RIGHT = {
    "widened": "def widened(x):\n    return x.repeat(1, 2)",
    "train": (
        "def train(model, loader, criterion, optimizer, device):\n    total = count = 0\n    model.train()\n"
        "    for images, labels in loader:\n        images, labels = images.to(device), labels.to(device)\n"
        "        optimizer.zero_grad()\n        loss = criterion(model(images), labels)\n        loss.backward()\n"
        "        optimizer.step()\n        total += loss.item() * len(labels)\n        count += len(labels)\n"
        "    return total / count"
    ),
}
# Each gives something of the right kind, and looks at nothing.
WRONG = {
    "widened": "def widened(x):\n    return x",
    "train": "def train(model, loader, criterion, optimizer, device):\n    return 0.0",
}
# Runs the model, so that a trial finds the passes that it asks for, and learns nothing.
IDLE = (
    "def train(model, loader, criterion, optimizer, device):\n"
    "    for images, labels in loader:\n        model(images.to(device))\n    return 0.0\n"
)
RUN = "trial.run(train, 'model', 'loader', 'criterion', 'optimizer', 'device')"
TESTS = {
    "widened-plain": "check_shape(widened(torch.zeros(2, 3)), (2, 6), 'widened(x)')",
    "widened-hard": "check_equal(tuple(widened(torch.ones(3, 4)).shape), (3, 8), 'the shape of widened(x)')",
    "train-weights": f"trial = TrainingTrial('train')\n{RUN}\ntrial.check_weights()",
    "train-loss": f"trial = TrainingTrial('train')\ntrial.check_mean_loss({RUN})",
}
IMPORTS = (
    "import torch\nfrom course_utils.checks import check_equal\nfrom course_utils.shapes import check_shape\n"
    "from course_utils.checks import TrainingTrial\n"
)
CHECKS, SHAPES = "import course_utils.checks.values as checks\n", "import course_utils.checks.shapes as shapes\n"
PLAIN = "import course_utils.checks.plain_values as plain\n"
TRIALS, RECORDING = (
    "import course_utils.checks.loops as trials\n",
    "import course_utils.checks.recording as recording\n",
)
PATCH_EVERY_CODE = """
def passes(*args, **kwargs):
    return None
for function in list(vars({module}).values()):
    if type(function) is type(passes) and not function.__closure__:
        function.__code__ = passes.__code__
"""
PATCH_EVERY_METHOD = """
def passes(*args, **kwargs):
    return None
for kind in list(vars({module}).values()):
    if isinstance(kind, type) and kind.__module__ == {module}.__name__:
        for name, method in list(vars(kind).items()):
            if type(method) is type(passes) and not method.__closure__ and name != '__init__':
                method.__code__ = passes.__code__
"""

ATTACKS_ON_SHAPES = {
    "the-name-of-check-shape": SHAPES + "shapes.check_shape = lambda actual, expected, name: None",
    "the-code-of-check-shape": SHAPES + "shapes.check_shape.__code__ = (lambda actual, expected, name: None).__code__",
    "a-global-of-check-shape": SHAPES + "shapes.type = shapes.len = shapes.zip = lambda *args: []",
    "private-comparison": PLAIN + "plain.identical.__code__ = (lambda actual, value: True).__code__",
    "private-conversion": PLAIN + "plain.plain.__code__ = (lambda value: 0).__code__",
    "private-name": PLAIN + "plain.identical = lambda actual, value: True",
    "the-error": CHECKS + "checks.CheckError.__init__ = lambda self, *args: exec('raise SystemExit')",
    "a-check-that-values-imports": CHECKS + "checks.identical = lambda actual, value: True",
    "every-function-of-plain-values": PLAIN + PATCH_EVERY_CODE.format(module="plain"),
    "every-function-of-checks": CHECKS + PATCH_EVERY_CODE.format(module="checks"),
    "every-function-of-shapes": SHAPES + PATCH_EVERY_CODE.format(module="shapes"),
}
ATTACKS_ON_TRIALS = {
    "the-name-of-a-check": TRIALS + "trials.TrainingTrial.check_weights = lambda self, model=None: None\n"
    "trials.TrainingTrial.check_mean_loss = lambda self, came, model=None: None",
    "the-code-of-a-check": TRIALS
    + "trials.TrainingTrial.check_weights.__code__ = (lambda self, model=None: None).__code__\n"
    "trials._Trial.check_mean_loss.__code__ = (lambda self, came, model=None: None).__code__",
    "what-fails": TRIALS + "trials._Trial._fail.__code__ = (lambda self, *args: None).__code__\n"
    "trials._Trial._check_number.__code__ = (lambda self, *args: None).__code__",
    "the-reference": TRIALS + "trials.TrainingTrial._update.__code__ = (lambda self, net, loss: None).__code__",
    "a-private-helper": TRIALS + "import torch\ntrials._flat.__code__ = (lambda net: torch.zeros(1)).__code__",
    "a-check-that-trials-import": TRIALS + "trials.check_close = lambda *args, **kwargs: None",
    "the-diary": RECORDING + "recording.net_with.__code__ = (lambda weights: small_net(seed=0)).__code__\n"
    "recording.small_net.__defaults__ = (0,)\nrecording.plain.__code__ = (lambda value: 0).__code__",
    "the-expected-result": TRIALS + "trials._Trial._reference.__code__ = "
    "(lambda self, model: (self._after(model), [0.0])).__code__",
    "every-method-of-trials": TRIALS + PATCH_EVERY_METHOD.format(module="trials"),
    "every-method-of-recording": RECORDING + PATCH_EVERY_METHOD.format(module="recording"),
    "every-function-of-trials": TRIALS + PATCH_EVERY_CODE.format(module="trials"),
}
CLASS = {
    "honest": RIGHT,
    "honest-wrong": WRONG,
    **{
        f"shapes-{name}": RIGHT | {"widened": f"{code}\n{WRONG['widened']}"} for name, code in ATTACKS_ON_SHAPES.items()
    },
    **{f"trials-{name}": RIGHT | {"train": f"{code}\n{IDLE}"} for name, code in ATTACKS_ON_TRIALS.items()},
}
MARKS = {"honest": 4, "honest-wrong": 0} | {name: 2 for name in CLASS if not name.startswith("honest")}


def judged_notebook() -> nbformat.NotebookNode:
    cells = [new_code_cell(IMPORTS, id="imports")]
    for name, source in RIGHT.items():
        head, _, body = source.partition("\n")
        task = f"{head}\n    ### BEGIN SOLUTION\n{body}\n    ### END SOLUTION"
        cells.append(demo_course.cell(new_code_cell, name, task, solution=True))
        for test, line in TESTS.items():
            if test.startswith(name):
                cells.append(demo_course.cell(new_code_cell, test, line, grade=True, locked=True, points=1))
    return new_notebook(cells=cells, metadata=demo_course.demo_notebook().metadata)


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """Every attack on the judges and two honest students, graded as one class."""
    root = tmp_path_factory.mktemp("judges")
    unit = demo_course.UNIT
    (root / "solutions" / unit).mkdir(parents=True)
    nbformat.write(judged_notebook(), root / "solutions" / unit / f"{unit}.ipynb")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(units, "SOLUTIONS", root / "solutions")
        generate(root / "released")
        blank = nbformat.read(root / "released" / unit / f"{unit}.ipynb", as_version=4)
        for student, sources in CLASS.items():
            hand_in(root / "submitted", student, answer(blank, sources))
        graded = grade_class(root / "submitted", Path(root / "out"), [], Options(jobs=2)).results
    return {result.student: result for result in graded}


@pytest.mark.parametrize("student", CLASS)
def test_what_judges_is_out_of_reach(results, student):
    result = results[student]
    assert (result.status, result.score) == ("graded", MARKS[student]), result
