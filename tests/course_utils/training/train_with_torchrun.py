"""A training run for `test_training_distributed`, the same program for one process and for several.

Usage: train_with_torchrun.py FOLDER. Writes FOLDER/rank-N.pt for each process, and FOLDER/run.pt by `fit` itself.
"""

import os
import sys
from pathlib import Path

import torch
from small_training import small_images, small_net
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from course_utils.training import TensorLoader, evaluate, fit, seed_everything

EPOCHS = 3
RANK = int(os.environ.get("RANK", 0))


LOSSES = {
    "mean": nn.CrossEntropyLoss(),
    "weights": nn.CrossEntropyLoss(weight=torch.tensor([1.0, 5.0, 20.0]), label_smoothing=0.1),
    "ignored": nn.CrossEntropyLoss(ignore_index=2),  # of a part of two images often all labels
    "nothing": nn.CrossEntropyLoss(weight=torch.tensor([0.0, 1.0, 0.0]), label_smoothing=0.1),
    "sum": nn.CrossEntropyLoss(reduction="sum"),
    "own": lambda outputs, labels: nn.functional.cross_entropy(outputs, labels),
}


def run(kind: str, count: int, folder: Path, loss_name: str = "mean") -> dict:
    """Train on `count` images in whole batches of 8, from the same seed everywhere."""
    seed_everything(0)
    loss_fn = LOSSES[loss_name]
    images, labels = small_images(count)
    if kind == "tensors":
        train = TensorLoader((images, labels), 8, shuffle=True, device="cpu")
    else:
        train = DataLoader(TensorDataset(images / 255, labels), 8, shuffle=True)
    val = TensorLoader(small_images(21, seed=1), 4, device="cpu")
    model = small_net()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    options = {"optimizer": optimizer, "loss_fn": loss_fn, "device": "cpu", "clip_norm": 1.0}
    checkpoint = folder / f"{kind}-{count}-{loss_name}.pt"
    fit(model, train, val, epochs=2, checkpoint=checkpoint, **options)
    history = fit(model, train, val, epochs=EPOCHS, checkpoint=checkpoint, resume=True, **options)
    rows = [{name: value for name, value in row.items() if name != "seconds"} for row in history.rows()]
    loss, accuracy = evaluate(model, val, loss_fn, device="cpu")
    return {"weights": model.state_dict(), "rows": rows, "evaluation": [loss, accuracy]}


def run_with_dropout(epochs: int, **options) -> dict:
    """The weights after training, where each process draws random numbers of its own."""
    model = small_net(dropout=0.5)
    seed_everything(RANK)
    train = TensorLoader(small_images(), 8, shuffle=True, seed=0, device="cpu")
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    options = {"loss_fn": nn.CrossEntropyLoss(), "device": "cpu", "progress": False, **options}
    fit(model, train, epochs=epochs, optimizer=optimizer, **options)
    return model.state_dict()


class Scaled(nn.CrossEntropyLoss):
    """A loss function that learns."""

    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(()))


def refusal_of_a_loss_that_learns() -> str:
    """What `fit` says to it; nothing where it trains."""
    model = small_net()
    options = {"optimizer": torch.optim.SGD(model.parameters(), lr=0.1), "device": "cpu", "progress": False}
    try:
        fit(model, TensorLoader(small_images(), 8, device="cpu"), epochs=1, loss_fn=Scaled(), **options)
    except ValueError as error:
        return str(error)
    return ""


if __name__ == "__main__":
    target = Path(sys.argv[1])
    # 40 = 5 * 8; 43 leaves 3 images, 2 for one process and 1 for the other
    results = {f"{kind}-{count}": run(kind, count, target) for kind in ("tensors", "dataset") for count in (40, 43)}
    results |= {f"dataset-19-{name}": run("dataset", 19, target, name) for name in LOSSES if name != "mean"}
    whole = run_with_dropout(3)
    path = target / "dropout.pt"
    run_with_dropout(2, checkpoint=path)
    results["dropout"] = whole, run_with_dropout(3, checkpoint=path, resume=True)
    results["refused"] = refusal_of_a_loss_that_learns()
    torch.save(results, target / f"rank-{RANK}.pt")
