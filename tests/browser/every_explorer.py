"""One explorer of each kind, for the tests that hold for all of them."""

from dataclasses import dataclass

import torch

from course_utils import explorers
from course_utils.explorers.explorer import Explorer

SETUP = "import torch\nfrom course_utils import explorers"


@dataclass(frozen=True)
class Case:
    """An explorer as a student's cell shows it.

    Args:
        source: the expression; `torch` and `explorers` are imported.
        target: CSS of an element in it that takes the focus.
        key: pressed there, it changes what the explorer says.
        opened: labels of the checkboxes and lists to open before it is looked at: {label: True or the option}.
    """

    source: str
    target: str
    key: str
    opened: dict[str, bool | str]

    def explorer(self) -> Explorer:
        return eval(self.source, {"torch": torch, "explorers": explorers})


CASES = {
    "convolution": Case(
        "explorers.convolution(torch.arange(-36.0, 36).reshape(2, 6, 6), torch.full((2, 3, 3), -1.25), padding=1)",
        target='td[aria-label^="output[0, 0]"]',
        key="ArrowRight",
        opened={"gradients": True, "pooling": "mean"},
    ),
    "receptive_field": Case(
        "explorers.receptive_field(torch.nn.Sequential(torch.nn.Conv2d(1, 2, 3), torch.nn.Conv2d(2, 2, 3, padding=4)), "
        "torch.arange(900.0).reshape(30, 30))",
        target='canvas[aria-label^="units"]',
        key="ArrowUp",
        opened={"channel of the unit": "the strongest"},
    ),
    "inside": Case(
        "explorers.inside(torch.nn.Sequential(torch.nn.Conv2d(1, 4, 3), torch.nn.ReLU(), torch.nn.Conv2d(4, 9, 3), "
        "torch.nn.Flatten(), torch.nn.Linear(576, 10)), torch.rand(2, 1, 12, 12), [0, 9], "
        "['T-shirt/top', *map(str, range(8)), 'Ankle boot'])",
        target="canvas.pointed",
        key="ArrowRight",
        opened={"random weights": True},
    ),
    "filter": Case(
        "explorers.filter(torch.linspace(0, 1, 60 * 90).reshape(60, 90), [[0, -1, 0], [-1, 5, -1], [0, -1, 0]])",
        target='canvas[aria-label^="result"]',
        key="ArrowRight",
        opened={"preset": "blur, 5 × 5", "border": "zeros, same size", "result shown as": "signed colours"},
    ),
    "shift": Case(
        "explorers.shift({name: torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(784, 4)) "
        "for name in ('convolutional', 'dense', 'average pooling')}, "
        "torch.rand(2, 1, 28, 28), [0, 3], ['T-shirt', 'Trouser', 'Pullover', 'Ankle boot'])",
        target='canvas[aria-label^="drag it"]',
        key="ArrowRight",
        opened={"picture": "2: Ankle boot"},
    ),
    "descent": Case(
        "explorers.descent('two valleys', momentum=0.9, steps=8)",
        target='input[type="range"]',
        key="ArrowRight",
        opened={},
    ),
    "runs": Case(
        "explorers.runs(rate=0.03)",
        target='input[type="range"]',
        key="ArrowRight",
        opened={"momentum 0.9": True, "batch norm": True},
    ),
}


def open_all(root, case: Case) -> None:
    """Show everything that the explorer can show; `root` is a page or a place in it."""
    for label, state in case.opened.items():
        part = root.get_by_label(label, exact=True)
        if state is True:
            part.check()
        else:
            part.select_option(state)
