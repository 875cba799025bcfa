"""Run a notebook's code cells with `second_device` in the place of a GPU: `python -m tests.devices.on_second_device`.

All cells run twice: on the device as it is, and then on one without float64, as Apple's. A notebook that never used the
device runs once. The last line is a summary as JSON: for each run the operations that the device computed, the cells
that said no to an answer, and the errors of any other kind.
"""

import argparse
import functools
import json
import os
import sys
import time
import types
from contextlib import nullcontext
from pathlib import Path

import torch
from torch.utils.data import Dataset

from course_utils import data, training
from course_utils.training import devices, loaders, optimizers, run
from tests.devices import second_device
from tests.devices.run_notebook import code_cells, run_cell, stand_in_for_ipython


@functools.wraps(devices.pick_device)  # so that `forbid` knows it, too
def pick_second_device() -> torch.device:
    return torch.device(second_device.NAME, 0)


def use_second_device() -> None:
    """Let the course pick this device, and take an optimizer's fused step there, as on a GPU."""
    second_device.install()
    for module in (training, devices, loaders, run):
        module.pick_device = pick_second_device
    optimizers._DEVICES_WITH_FUSED_STEP += (second_device.NAME,)


def load_fewer_images() -> None:
    """Let `data.load` give every tenth training image: the whole sets take minutes here, and show no more."""
    load = data.load

    def load_some(name: str, split: str, **options: object) -> Dataset:
        images = load(name, split, **options)
        if split == "train":
            images.data, images.targets = images.data[::10], images.targets[::10]
        return images

    data.load = load_some


def train_on_fewer_images() -> None:
    """Let a `TensorLoader` that shuffles have every tenth image, for a notebook that cuts the sets itself."""
    make = loaders.TensorLoader.__init__

    @functools.wraps(make)
    def make_smaller(loader: loaders.TensorLoader, *args: object, **options: object) -> None:
        make(loader, *args, **options)
        if loader.shuffle:
            loader.images, loader.labels = loader.images[::10], loader.labels[::10]

    loaders.TensorLoader.__init__ = make_smaller


FEWER_IMAGES = {"sets": load_fewer_images, "loaders": train_on_fewer_images}


def run_cells(cells: list[dict]) -> tuple[list[str], dict[str, str]]:
    """Run cells in a new namespace; the ids of those that raised a `CheckError`, and the other errors by id."""
    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module  # what a cell defines can be pickled, as in a notebook
    names, refused, errors, own_pick_device = vars(module), [], {}, None
    for cell in cells:
        if names.get("pick_device") not in (None, pick_second_device):
            own_pick_device = names["pick_device"]
        if own_pick_device is not None:  # unit 04 writes it, and its graded cells judge that
            judged = cell["id"] == "device-check" or cell["id"].startswith("pick_device-")
            names["pick_device"] = own_pick_device if judged else pick_second_device
        error = run_cell(cell, names)
        if error:
            print(f"--- {cell['id']}\n{error}", flush=True)
        if error and "CheckError: " in error:
            refused.append(cell["id"])
        elif error:
            errors[cell["id"]] = error.splitlines()[-1][:300]
    return refused, errors


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebook", type=Path)
    parser.add_argument("--fewer-images", choices=FEWER_IMAGES, help="a tenth of the training images, cut in these")
    options = parser.parse_args()
    stand_in_for_ipython()
    use_second_device()
    if options.fewer_images:
        FEWER_IMAGES[options.fewer_images]()
    cells = code_cells(options.notebook)
    os.chdir(options.notebook.parent)
    runs = {}
    for name, variant in (("float64", nullcontext()), ("no float64", second_device.without_float64())):
        before, started = second_device.operations(), time.perf_counter()
        with variant:
            refused, errors = run_cells(cells)
        runs[name] = {
            "operations": second_device.operations() - before,
            "refused": refused,
            "errors": errors,
            "seconds": round(time.perf_counter() - started, 1),
        }
        if runs[name]["operations"] == 0:
            break
    print(json.dumps({"notebook": options.notebook.stem, "runs": runs}, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
