"""How fast `fit` trains, beside the bare loop, the usual loop, Lightning and skorch.

All train the network of unit 04 on the same bundled FashionMNIST images, with the same batch size and a fused Adam, one
epoch at a time. They take turns, since other work on the machine changes the clock from minute to minute; what
counts is the median of the ratios within one turn. The bare loop has one batch resident and does nothing but
forward, backward and step; on an NVIDIA GPU there is also the bare graph, which is such a step recorded once and
replayed. Each tool's own clock for the epoch is used, so that start-up is not counted; `fit` on a GPU records its
step in a first epoch, and the second one counts.
"""

import argparse
import logging
import os
import statistics
import time
import warnings
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout

import torch
from torch import nn
from torch.optim.lr_scheduler import OneCycleLR
from torch.utils.data import DataLoader, Dataset, Subset
from torchvision.transforms import ToTensor

from benchmarks.setting import describe, unit_04_network
from course_utils import data
from course_utils.training import Augment, TensorLoader, fit, pick_device

Run = Callable[[], float]


def fused_adam(model: nn.Module) -> torch.optim.Optimizer:
    return torch.optim.Adam(model.parameters(), lr=1e-3, fused=True)


class Contest:
    """The competitors for one batch size; each method trains a new network for one epoch and returns its seconds."""

    def __init__(self, dataset: Dataset, batch_size: int, device: torch.device):
        self.dataset, self.batch_size, self.device = dataset, batch_size, device

    def resident(self, **options) -> TensorLoader:
        return TensorLoader(self.dataset, self.batch_size, shuffle=True, device=self.device, **options)

    def from_pictures(self) -> DataLoader:
        return DataLoader(self.dataset, self.batch_size, shuffle=True)

    def synchronise(self) -> None:
        if self.device.type == "cuda":
            torch.cuda.synchronize()

    def bare(self) -> float:
        loader = self.resident()
        steps = len(loader)
        images, labels = next(iter(loader))
        model = unit_04_network().to(self.device).train()
        loss_fn, optimizer = nn.CrossEntropyLoss(), fused_adam(model)
        self.synchronise()
        start = time.perf_counter()
        for _ in range(steps):
            optimizer.zero_grad()
            loss_fn(model(images), labels).backward()
            optimizer.step()
        self.synchronise()
        return time.perf_counter() - start

    def bare_graph(self) -> float:
        """The bare loop's step as a CUDA graph."""
        loader = self.resident()
        steps = len(loader)
        images, labels = next(iter(loader))
        model = unit_04_network().to(self.device).train()
        loss_fn = nn.CrossEntropyLoss()
        optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, fused=True, capturable=True)

        def step():
            optimizer.zero_grad()
            loss_fn(model(images), labels).backward()
            optimizer.step()

        stream, graph = torch.cuda.Stream(), torch.cuda.CUDAGraph()
        with torch.cuda.stream(stream):
            for _ in range(3):
                step()
        with torch.cuda.graph(graph, stream=stream):
            step()
        self.synchronise()
        start = time.perf_counter()
        for _ in range(steps):
            graph.replay()
        self.synchronise()
        return time.perf_counter() - start

    def fit(self, augment: Augment | None = None, one_cycle: dict | None = None, **options) -> float:
        model, loader = unit_04_network().to(self.device), self.resident(augment=augment)
        optimizer, epochs = fused_adam(model), 2 if self.device.type == "cuda" else 1
        if one_cycle is not None:
            scheduler = OneCycleLR(optimizer, 1e-3, epochs * len(loader), **one_cycle)
            options |= {"scheduler": scheduler, "scheduler_every": "step"}
        history = fit(
            model,
            loader,
            epochs=epochs,
            optimizer=optimizer,
            loss_fn=nn.CrossEntropyLoss(),
            device=self.device,
            **{"mixed_precision": False, **options},
        )
        return history.epochs[-1].seconds

    def fit_augmented(self) -> float:
        return self.fit(augment=Augment(shift=2, flip=True))

    def fit_step_by_step(self) -> float:
        return self.fit(cuda_graph=False)

    def fit_one_cycle(self) -> float:
        return self.fit(one_cycle={"cycle_momentum": False})

    def fit_one_cycle_momentum(self) -> float:
        return self.fit(one_cycle={})

    def fit_channels_last(self) -> float:
        return self.fit(channels_last=True)

    def usual(self) -> float:
        """The loop of unit 04 on a DataLoader with ToTensor, with its `.item()` in each step."""
        loader = self.from_pictures()
        model = unit_04_network().to(self.device).train()
        loss_fn, optimizer = nn.CrossEntropyLoss(), fused_adam(model)
        total = 0.0
        start = time.perf_counter()
        for images, labels in loader:
            images, labels = images.to(self.device), labels.to(self.device)
            optimizer.zero_grad()
            loss = loss_fn(model(images), labels)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(labels)
        return time.perf_counter() - start

    def lightning(self) -> float:
        return self._lightning(self.from_pictures())

    def lightning_resident(self) -> float:
        return self._lightning(self.resident())

    def _lightning(self, loader: object) -> float:
        import lightning

        logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)

        class Module(lightning.LightningModule):
            def __init__(self):
                super().__init__()
                self.network, self.loss_fn = unit_04_network(), nn.CrossEntropyLoss()

            def training_step(self, batch, _):
                images, labels = batch
                return self.loss_fn(self.network(images), labels)

            def configure_optimizers(self):
                return fused_adam(self)

        class Clock(lightning.Callback):
            def on_train_epoch_start(self, *_):
                self.start = time.perf_counter()

            def on_train_epoch_end(self, *_):
                self.seconds = time.perf_counter() - self.start

        clock = Clock()
        trainer = lightning.Trainer(
            max_epochs=1,
            accelerator="gpu" if self.device.type == "cuda" else "cpu",
            devices=1,
            callbacks=[clock],
            logger=False,
            enable_checkpointing=False,
            enable_model_summary=False,
        )
        trainer.fit(Module(), loader)
        return clock.seconds

    def skorch(self) -> float:
        import skorch

        classifier = skorch.NeuralNetClassifier(
            unit_04_network(),
            max_epochs=1,
            batch_size=self.batch_size,
            criterion=nn.CrossEntropyLoss,
            optimizer=torch.optim.Adam,
            optimizer__lr=1e-3,
            optimizer__fused=True,
            train_split=None,
            iterator_train__shuffle=True,
            device=str(self.device),
            verbose=0,
        )
        classifier.fit(self.dataset, y=None)
        return classifier.history[0]["dur"]


def competitors(contest: Contest) -> dict[str, Run]:
    """Who can be measured here, by name."""
    runs = {
        "bare loop, one batch resident": contest.bare,
        "fit, TensorLoader": contest.fit,
        "fit, TensorLoader, shift and flip": contest.fit_augmented,
        "fit, TensorLoader, channels-last": contest.fit_channels_last,
        "plain loop, DataLoader + ToTensor": contest.usual,
    }
    if contest.device.type == "cuda":
        runs |= {
            "bare graph, one batch resident": contest.bare_graph,
            "fit, nothing recorded": contest.fit_step_by_step,
            "fit, one cycle": contest.fit_one_cycle,
            "fit, one cycle that moves momentum": contest.fit_one_cycle_momentum,
        }
    for name, more in {
        "lightning": {
            "Lightning, TensorLoader": contest.lightning_resident,
            "Lightning, DataLoader + ToTensor": contest.lightning,
        },
        "skorch": {"skorch, DataLoader + ToTensor": contest.skorch},
    }.items():
        try:
            __import__(name)
        except ImportError:
            print(f"{name} is not installed, so it is left out: python -m pip install -r benchmarks/requirements.txt")
        else:
            runs.update(more)
    return runs


def measure(runs: dict[str, Run], turns: int) -> dict[str, list[float]]:
    """Seconds of each turn by name. A first turn warms up and is not counted; every turn starts with another one."""
    seconds = {name: [] for name in runs}
    names = list(runs)
    for turn in range(turns + 1):
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
                taken = runs[name]()  # progress bars are drawn as by default, but not onto the table
            if turn > 0:
                seconds[name].append(taken)
    return seconds


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--batch-sizes", type=int, nargs="+", default=[8, 64, 256])
    parser.add_argument("--images", type=int, default=4096, help="in an epoch; default 4096")
    parser.add_argument("--turns", type=int, default=9, help="default 9")
    parser.add_argument("--threads", type=int, help="for the CPU; by default PyTorch's choice")
    parser.add_argument("--only", nargs="+", default=[""], help="beginnings of names, such as fit and bare")
    options = parser.parse_args(arguments)
    if options.threads:
        torch.set_num_threads(options.threads)
    warnings.filterwarnings("ignore")

    dataset = data.load("fashion-mnist", "train")
    dataset.transform = ToTensor()
    part = Subset(dataset, [i % len(dataset) for i in range(options.images)])  # over again where there are too few
    device = pick_device()
    print(f"{describe()}; {options.images} images, median of {options.turns} turns", flush=True)
    for batch_size in options.batch_sizes:
        runs = competitors(Contest(part, batch_size, device))
        always = ("bare loop, one batch resident", "fit, TensorLoader")
        runs = {name: run for name, run in runs.items() if name in always or name.startswith(tuple(options.only))}
        seconds = measure(runs, options.turns)
        bare, ours = seconds["bare loop, one batch resident"], seconds["fit, TensorLoader"]
        graph = seconds.get("bare graph, one batch resident", [])
        of_graph = "   of bare graph" if graph else ""
        print(f"\nbatch {batch_size}: {'':28} images/s   of bare   fit is faster by{of_graph}")
        for name, taken in seconds.items():
            rate = options.images / statistics.median(taken)
            of_bare = statistics.median(b / t for b, t in zip(bare, taken, strict=True))
            faster = statistics.median(t / o for o, t in zip(ours, taken, strict=True))
            line = f"  {name:36} {rate:9,.0f} {of_bare:9.2f} {faster:18.2f}"
            if graph:
                line += f" {statistics.median(g / t for g, t in zip(graph, taken, strict=True)):15.2f}"
            print(line, flush=True)


if __name__ == "__main__":
    main()
