"""Where bfloat16 and channels-last make `fit` faster on an NVIDIA GPU: networks and batch sizes, each in four forms.

Each run is `fit` with its default recording, on random images that live on the GPU; what counts is the last epoch. The
forms take turns. Beside each network stand two things of `course_utils.training.precision`: the multiply-adds of a
batch in wide layers by layer, one of the figures that the rule goes by, and what the rule chooses.
"""

import argparse
import itertools
import json
import statistics

import torch
import torchvision
from torch import nn

from benchmarks.setting import describe, unit_04_network
from course_utils.training import TensorLoader, fit
from course_utils.training.precision import BOTH, CHANNELS_LAST, FLOAT32, Form, count_work, find_form

FORMS = {
    "float32": FLOAT32,
    "bfloat16": Form(bfloat16=True, channels_last=False),
    "channels-last": CHANNELS_LAST,
    "both": BOTH,
}


def blocks(*channels: int, halvings: int = 4) -> nn.Sequential:
    """Convolution, batch normalisation, ReLU for each pair of neighbours; the first ones halve the size; ten logits."""
    layers = []
    for number, (before, after) in enumerate(itertools.pairwise(channels)):
        layers += [nn.Conv2d(before, after, 3, padding=1), nn.BatchNorm2d(after), nn.ReLU()]
        layers += [nn.MaxPool2d(2)] if number < halvings else []
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels[-1], 10))


def dense(width: int) -> nn.Sequential:
    return nn.Sequential(nn.Flatten(), nn.Linear(784, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(),
                         nn.Linear(width, 10))  # fmt: skip


NETWORKS = {  # name: how to build it, shape of an image
    "unit 04": (unit_04_network, (1, 28, 28)),
    "dense 512": (lambda: dense(512), (1, 28, 28)),
    "dense 4096": (lambda: dense(4096), (1, 28, 28)),
    "grey blocks 16-32": (lambda: blocks(1, 16, 32), (1, 28, 28)),
    "grey blocks 32-64-128": (lambda: blocks(1, 32, 64, 128), (1, 28, 28)),
    "blocks 16-32-64": (lambda: blocks(3, 16, 32, 64), (3, 32, 32)),
    "blocks 16, eight times": (lambda: blocks(3, *[16] * 8, halvings=2), (3, 32, 32)),
    "blocks 32-64-128": (lambda: blocks(3, 32, 64, 128), (3, 32, 32)),
    "blocks 64-128-256": (lambda: blocks(3, 64, 128, 256), (3, 32, 32)),
    "blocks 128-256-512": (lambda: blocks(3, 128, 256, 512), (3, 32, 32)),
    "ResNet-18, 32 pixels": (lambda: torchvision.models.resnet18(num_classes=10), (3, 32, 32)),
    "ResNet-18, 224 pixels": (lambda: torchvision.models.resnet18(num_classes=10), (3, 224, 224)),
}


def random_data(count: int, shape: tuple[int, ...]) -> tuple[torch.Tensor, torch.Tensor]:
    """Images (count, *shape) and labels (count,) on the GPU."""
    images = torch.randint(0, 256, (count, *shape), dtype=torch.uint8, device="cuda")
    return images, torch.randint(0, 10, (count,), device="cuda")


def seconds(build, images_and_labels, batch_size: int, form: str, **options) -> float:
    """Of one step, in the last of two epochs."""
    torch.manual_seed(0)
    bfloat16, channels_last = FORMS[form]
    model = build().to("cuda", memory_format=torch.channels_last if channels_last else torch.contiguous_format)
    loader = TensorLoader(images_and_labels, batch_size, device="cuda")
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    history = fit(
        model, loader, epochs=2, optimizer=optimizer, loss_fn=nn.CrossEntropyLoss(), progress=False,
        mixed_precision=bfloat16, **options,
    )  # fmt: skip
    return history.epochs[-1].seconds / len(loader)


def measure(name: str, batch_size: int, turns: int, steps: int, recorded: dict) -> dict:
    """Of one network: wide multiply-adds of a batch by layer, the rule's choice, and the seconds of a step by form."""
    build, shape = NETWORKS[name]
    images_and_labels = random_data(batch_size * steps, shape)
    model = build().to("cuda").eval()
    work = count_work(model, torch.zeros(batch_size, *shape, device="cuda"))
    loader = TensorLoader(images_and_labels, batch_size, device="cuda")
    chosen = find_form(model, nn.CrossEntropyLoss(), loader)
    rule = next(name for name, form in FORMS.items() if form == chosen)
    taken = {form: [] for form in FORMS}
    for _ in range(turns):
        for form in FORMS:
            taken[form].append(seconds(build, images_and_labels, batch_size, form, **recorded))
    step = {form: statistics.median(times) for form, times in taken.items()}
    return {"network": name, "batch": batch_size, "wide": work.wide / work.layers, "rule": rule, "seconds": step}


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--batch-sizes", type=int, nargs="+", default=[64, 256])
    parser.add_argument("--networks", nargs="+", default=list(NETWORKS), help="default: all of them")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--steps", type=int, default=40, help="of an epoch; default 40")
    parser.add_argument("--nothing-recorded", action="store_true", help="cuda_graph=False")
    options = parser.parse_args(arguments)
    if not torch.cuda.is_available():
        print("gpu_forms: there is no NVIDIA GPU here, so that there is nothing to measure")
        return
    recorded = {"cuda_graph": False} if options.nothing_recorded else {}
    print(describe(), "- nothing recorded" if recorded else "- recorded")
    print(f"{'':24}{'batch':>6}{'M a layer':>10}{'float32 us':>12}   speed beside float32{'':38}   rule")
    rows = []
    for name, batch_size in itertools.product(options.networks, options.batch_sizes):
        large = NETWORKS[name][1][-1] > 100
        if large and batch_size > 64:
            continue
        row = measure(name, batch_size, options.turns, 16 if large else options.steps, recorded)
        step = row["seconds"]
        text = "  ".join(f"{form} {step['float32'] / step[form]:.2f}" for form in list(FORMS)[1:])
        print(f"{name:24}{batch_size:6}{row['wide'] / 1e6:10.1f}{step['float32'] * 1e6:12.0f}   {text}   {row['rule']}",
              flush=True)  # fmt: skip
        rows.append(row)
    print(json.dumps(rows))


if __name__ == "__main__":
    main()
