"""Record the runs that `explorers.runs` shows: one small network, trained in 28 ways.

    python tools/record_runs.py

It writes course_utils/explorers/recorded/runs.json: for each learning rate, with and without momentum, with and without
batch norm, the training loss and what was measured on validation images. It takes a minute on one core. Seeds are
fixed; another processor or another PyTorch may round otherwise, and after some steps its losses differ a little.
"""

import itertools
import json
import math
import platform
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from course_utils import data
from course_utils.files import write_text

FILE = Path(__file__).parents[1] / "course_utils" / "explorers" / "recorded" / "runs.json"
RATES = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
MOMENTA = (0.0, 0.9)
SEED = 0
IMAGES, UNSEEN = 3200, 1000  # to learn from, and to measure with
BATCH_SIZE, EPOCHS = 64, 4
STEPS = IMAGES // BATCH_SIZE  # in an epoch
EVERY = 5  # steps in one number of the training loss


def network(norm: bool) -> nn.Sequential:
    """Three convolutions and a linear layer: (N, 1, 28, 28) to (N, 10)."""
    layers = []
    for channels, stride in ((1, 2), (8, 1), (8, 2)):
        layers.append(nn.Conv2d(channels, 8, 3, stride=stride, padding=1))
        layers += [nn.BatchNorm2d(8)] if norm else []
        layers.append(nn.ReLU())
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(8 * 49, 10))


def pictures() -> tuple[Tensor, Tensor]:
    """Images (N, 1, 28, 28) from -1 to 1, and labels (N,): the first to learn from, the last to measure with."""
    garments = data.load("fashion-mnist", "train")
    return garments.data[:, None] / 127.5 - 1, garments.targets


def measure(model: nn.Module, images: Tensor, labels: Tensor) -> tuple[float, float]:
    """Mean loss and accuracy in evaluation mode."""
    model.eval()
    with torch.no_grad():
        outputs = model(images)
    return F.cross_entropy(outputs, labels).item(), (outputs.argmax(1) == labels).float().mean().item()


def record(images: Tensor, labels: Tensor, rate: float, momentum: float, norm: bool) -> dict:
    """Train once. Training losses are means of `EVERY` steps; the first validation figures are before training.

    Where a loss is infinite or NaN the run ends: `diverged` is that step, counted from 1, else None.
    """
    torch.manual_seed(SEED)
    model = network(norm)
    optimizer = torch.optim.SGD(model.parameters(), lr=rate, momentum=momentum)
    losses, measured, diverged = [], [measure(model, images[-UNSEEN:], labels[-UNSEEN:])], None
    while len(losses) < EPOCHS * STEPS and diverged is None:
        model.train()
        for chosen in torch.randperm(IMAGES).split(BATCH_SIZE):
            loss = F.cross_entropy(model(images[chosen]), labels[chosen])
            if not math.isfinite(loss.item()):
                diverged = len(losses) + 1
                break
            losses.append(loss.item())
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        else:
            measured.append(measure(model, images[-UNSEEN:], labels[-UNSEEN:]))
    pieces = [losses[i : i + EVERY] for i in range(0, len(losses) - EVERY + 1, EVERY)]
    val_loss, val_accuracy = zip(*measured, strict=True)
    return {
        "rate": rate,
        "momentum": momentum,
        "norm": norm,
        "train_loss": [_short(sum(piece) / EVERY) for piece in pieces],
        "val_loss": [_short(loss) for loss in val_loss],
        "val_accuracy": [_short(accuracy) for accuracy in val_accuracy],
        "diverged": diverged,
    }


def _short(number: float) -> float:
    return float(f"{number:.4g}")


def main() -> None:
    """Record all runs and write the file."""
    torch.set_num_threads(1)
    images, labels = pictures()
    settings = itertools.product((False, True), MOMENTA, RATES)
    runs = [record(images, labels, rate, momentum, norm) for norm, momentum, rate in settings]
    head = {
        "made_by": "python tools/record_runs.py",
        "made_with": {"python": platform.python_version(), "torch": str(torch.__version__)},
        "images": IMAGES,
        "unseen": UNSEEN,
        "batch_size": BATCH_SIZE,
        "steps": STEPS,
        "epochs": EPOCHS,
        "every": EVERY,
    }
    lines = ",\n".join("  " + json.dumps(run) for run in runs)
    write_text(FILE, f'{json.dumps(head)[:-1]}, "runs": [\n{lines}\n]}}\n')
    print(f"{FILE.name}: {len(runs)} runs, {FILE.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
