"""The threshold of unit 05: 80 % of pictures that are not bundled, after at most ten epochs.

The graded cell trains by itself, so it is run here as it stands, with other seeds and with optimizers that do harm.
"""

import copy

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from autograder.course import units
from autograder.course.cells import nbgrader_tag
from course_utils import data
from course_utils.checks import CheckError, hidden_threshold
from course_utils.training import TrainingError
from tests.course_utils.data.judging import judging_images

pytestmark = pytest.mark.slow

SEEDS = range(10)
DEMANDED = hidden_threshold(0.8, 2000)
ANSWER = "epochs = {}\ndef make_optimizer(model): return torch.optim.{}(model.parameters(), {})"
PLAIN_SGD = ANSWER.format(10, "SGD", "lr=0.05")
RECIPES = {
    "SGD with momentum": ANSWER.format(5, "SGD", "lr=0.02, momentum=0.9"),
    "Adam": ANSWER.format(5, "Adam", "lr=0.001"),
    "RMSprop": ANSWER.format(5, "RMSprop", "lr=0.001"),
}
PUBLISHED = "epochs = 10\ndef make_optimizer(model): return torch.optim.SGD(model.parameters(), lr=1e-3)"
AT_REST = "epochs = 1\ndef make_optimizer(model): return torch.optim.SGD(model.parameters(), lr=0.0)"
NEVER_ZEROED = """
epochs = 3
class Forgetful(torch.optim.SGD):
    def zero_grad(self, set_to_none=True): pass
def make_optimizer(model): return Forgetful(model.parameters(), lr=0.01)
"""


def source(name: str) -> str:
    """The code of the solution's cell of this grade_id."""
    cells = units.source_notebook("05-lenet").cells
    (found,) = [cell.source for cell in cells if nbgrader_tag(cell).get("grade_id") == name]
    return found


def accuracy(answer: str, seed: int) -> float:
    """Share of the test images that the graded cell counts as right, for an answer to `make_optimizer`; 0 after NaN."""
    names = {"torch": torch, "nn": nn, "F": F}
    exec(source("ConvNet") + "\n\n" + answer, names)
    cell = source("make_optimizer-learns").replace("seed=7", f"seed={seed}").replace("seed(7)", f"seed({seed})")
    assert cell.count(f"seed={seed}") == cell.count(f"seed({seed})") == 1
    try:
        exec(cell, names)
    except TrainingError:  # the loss became NaN
        return 0.0
    except CheckError:
        assert names["_accuracy"] < DEMANDED
    else:
        assert names["_accuracy"] >= DEMANDED
    return names["_accuracy"]


# Measured with `python -m pytest -m slow -s tests/notebooks/test_thresholds_05.py`, smallest and largest of the seeds:
# solution 0.807..0.855, untrained 0.040..0.157, SGD at 0.001 for ten epochs 0.268..0.375, gradients never zeroed
# 0.100..0.100 (or NaN), shuffled labels 0.039..0.148. On the grader's images: Adam 0.829..0.862, SGD with momentum
# 0.821..0.863, RMSprop 0.825..0.857; plain SGD 0.790..0.868: one of its ten seeds stays below what is stated.


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)
def test_plain_recipes_reach_what_is_stated_on_the_graders_images(recipe):
    with judging_images():
        reached = [accuracy(recipe, seed) for seed in SEEDS]
    print(f"{min(reached):.3f}..{max(reached):.3f}")
    assert min(reached) >= 0.80


def test_who_crawls_with_plain_sgd_passes_with_every_seed():
    with judging_images():
        reached = [accuracy(PLAIN_SGD, seed) for seed in SEEDS]
    print(f"plain SGD: {min(reached):.3f}..{max(reached):.3f}")
    assert min(reached) >= DEMANDED


def test_the_solution_passes_with_every_seed():
    reached = [accuracy(source("make_optimizer"), seed) for seed in SEEDS]
    print(f"solution: {min(reached):.3f}..{max(reached):.3f}")
    assert min(reached) >= 0.80


@pytest.mark.parametrize(
    ("answer", "seeds"),
    [
        pytest.param(AT_REST, SEEDS, id="untrained"),
        pytest.param(PUBLISHED, range(2), id="SGD at 0.001 for ten epochs"),
        pytest.param(NEVER_ZEROED, range(5), id="gradients never zeroed"),
    ],
)
def test_what_does_not_learn_fails(answer, seeds):
    reached = [accuracy(answer, seed) for seed in seeds]
    print(f"{min(reached):.3f}..{max(reached):.3f}")
    assert max(reached) < 0.70


def test_shuffled_labels_fail(monkeypatch):
    load = data.load

    def shuffled(name, split):
        dataset = copy.copy(load(name, split))
        if split == "train":
            order = torch.randperm(len(dataset), generator=torch.Generator().manual_seed(0))
            dataset.targets = dataset.targets[order]
        return dataset

    monkeypatch.setattr(data, "load", shuffled)
    reached = [accuracy(source("make_optimizer"), seed) for seed in range(5)]
    print(f"shuffled labels: {min(reached):.3f}..{max(reached):.3f}")
    assert max(reached) < 0.30
