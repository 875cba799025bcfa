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
        "explorers.convolution(torch.arange(-64.0, 64).reshape(2, 8, 8), torch.full((2, 3, 3), -1.25), padding=2)",
        target='td[aria-label^="output[0, 0]"]',
        key="ArrowRight",
        opened={"gradients": True, "pooling": "mean"},
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
