"""The runs explorer: one small network, trained in 28 ways, by learning rate, momentum and batch norm.

The runs were recorded by ``tools/record_runs.py``, whose docstring says how; the page shows what the file has.
"""

from __future__ import annotations

import json
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Any

from course_utils.explorers.explorer import Explorer

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FILE = Path(__file__).parent / "recorded" / "runs.json"
ACCENT, SECOND = "#1565c0", "#b45309"
TOP = 3.0  # of the losses that the picture shows

Run = dict[str, Any]


def runs(*, rate: float = 0.1, momentum: float = 0.0, norm: bool = False) -> Explorer:
    """Trainings of one small network on FashionMNIST to choose from: learning rate, momentum, batch norm.

    As the last line of a cell it shows itself. Nothing is trained: 28 runs were recorded, each with its training loss,
    and the loss and the accuracy on validation images after each epoch.

    >>> from course_utils.explorers import runs
    >>> print(str(runs(rate=3.0))[:56])  # in a notebook to touch; without one, in words
    Learning rate 3, momentum 0, without batch norm: diverge

    Args:
        rate: learning rate, one of 0.003, 0.01, 0.03, 0.1, 0.3, 1 and 3.
        momentum: 0 or 0.9.
        norm: whether the network has batch norm.

    Raises:
        ValueError: no such run was recorded.
    """
    recorded = json.loads(FILE.read_text(encoding="utf-8"))
    chosen = _find(recorded["runs"], rate, momentum, norm)
    state = recorded | {"chosen": {"rate": chosen["rate"], "momentum": chosen["momentum"], "norm": chosen["norm"]}}
    text = f"{_in_words(chosen, recorded)} {_all_in_words(recorded['runs'], recorded['epochs'])}"
    return Explorer("runs", state, lambda: _draw(recorded, chosen), text, parts=("chart",))


def _find(all_runs: list[Run], rate: float, momentum: float, norm: bool) -> Run:
    for run in all_runs:
        if (run["rate"], run["momentum"], run["norm"]) == (rate, momentum, norm):
            return run
    rates, momenta = (sorted({run[name] for run in all_runs}) for name in ("rate", "momentum"))
    raise ValueError(
        f"no run was recorded with rate={rate!r}, momentum={momentum!r}, norm={norm!r}: choose a rate of "
        f"{', '.join(f'{one:g}' for one in rates)}, momentum {' or '.join(f'{one:g}' for one in momenta)}, and norm "
        "False or True"
    )


def _kind(run: Run) -> str:
    return f"momentum {run['momentum']:g}, {'with' if run['norm'] else 'without'} batch norm"


def _in_words(run: Run, recorded: dict[str, Any]) -> str:
    """How the run ended."""
    before = f"Learning rate {run['rate']:g}, {_kind(run)}: "
    if run["diverged"] is not None:
        return f"{before}diverged. In step {run['diverged']} the loss was no finite number any more."
    guess = " A guess among ten classes has a loss of about 2.30, and 10 %." if run["val_accuracy"][-1] < 0.2 else ""
    last_epoch = run["train_loss"][-(recorded["steps"] // recorded["every"]) :]
    return (
        f"{before}in the last of {recorded['epochs']} epochs the training loss is {fmean(last_epoch):.2f} on average, "
        f"at its end the validation loss {run['val_loss'][-1]:.2f}, and {100 * run['val_accuracy'][-1]:.1f} % of the "
        f"validation images are named rightly.{guess}"
    )


def _all_in_words(all_runs: list[Run], epochs: int) -> str:
    """The last accuracy of every run."""
    kinds: dict[str, list[str]] = {}
    for run in all_runs:
        end = "diverged" if run["diverged"] is not None else f"{100 * run['val_accuracy'][-1]:.1f} %"
        kinds.setdefault(_kind(run), []).append(f"{run['rate']:g}: {end}")
    said = "; ".join(f"{kind}: {', '.join(ends)}" for kind, ends in kinds.items())
    return f"Validation accuracy after {epochs} epochs, by learning rate. {said[0].upper()}{said[1:]}."


def _draw(recorded: dict[str, Any], chosen: Run) -> Figure:
    """Left the losses of the chosen run, the others grey; right the last accuracy of every run."""
    from matplotlib import pyplot as plt

    every, steps = recorded["every"], recorded["steps"]
    figure, (losses, ends) = plt.subplots(1, 2, figsize=(8, 2.6))
    for run in recorded["runs"]:
        middles = [every * k + (every + 1) / 2 for k in range(len(run["train_loss"]))]
        style = (
            {"color": ACCENT, "zorder": 3, "label": "training"}
            if run is chosen
            else {"color": "0.88", "linewidth": 0.8, "antialiased": False}
        )
        losses.plot(middles, run["train_loss"], **style)
    places = [steps * epoch for epoch in range(len(chosen["val_loss"]))]
    losses.plot(places, chosen["val_loss"], "s", color=SECOND, zorder=4, label="validation")
    losses.set(xlim=(0, steps * recorded["epochs"] + 2), ylim=(0, TOP), xlabel="step")
    losses.set_title("loss", fontsize=10, loc="left")
    losses.legend(frameon=False, loc="lower left")
    styles = {(0.0, False): "o:", (0.9, False): "s:", (0.0, True): "o-", (0.9, True): "s-"}
    for (momentum, norm), style in styles.items():
        group = [
            r for r in recorded["runs"] if (r["momentum"], r["norm"]) == (momentum, norm) and r["diverged"] is None
        ]
        accuracies = [100 * run["val_accuracy"][-1] for run in group]
        colour = ACCENT if norm else "0.45"
        ends.semilogx(
            [run["rate"] for run in group], accuracies, style, color=colour, markersize=4, label=_kind(group[0])
        )
    ends.set(ylim=(0, 100), xlabel="learning rate")
    ends.set_title("accuracy on validation images at the end, in %", fontsize=10, loc="left")
    ends.legend(frameon=False, fontsize=8, loc="upper center", bbox_to_anchor=(0.5, -0.25), ncols=2)
    return figure
