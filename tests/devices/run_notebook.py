"""Run a notebook's code cells as plain Python, on the device that is there: `python -m tests.devices.run_notebook`.

No Jupyter is needed. A cell that raises is reported, and the next one is run all the same. `--times 2` runs all cells
again in the same process, as "Run all" twice does. The last line is a summary as JSON.
"""

import argparse
import gc
import json
import linecache
import os
import sys
import time
import traceback
import types
from pathlib import Path

import torch


def stand_in_for_ipython() -> None:
    """What `course_utils.plots` takes from IPython, where that is not installed."""
    try:
        import IPython.display  # noqa: F401
    except ImportError:
        shown = types.SimpleNamespace(update=lambda *_, **__: None)
        display = types.ModuleType("IPython.display")
        display.display = lambda *_, **__: shown
        sys.modules["IPython.display"] = display  # and no IPython: matplotlib would take it for the real one


def code_cells(path: Path) -> list[dict]:
    """Cells as {"id", "source"}, in order."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [
        {"id": cell["id"], "source": "".join(cell["source"])}
        for cell in cells
        if cell["cell_type"] == "code" and "".join(cell["source"]).strip()
    ]


def run_cell(cell: dict, names: dict) -> str | None:
    """Run one cell in the namespace `names`; return the traceback of an error, or None."""
    file = f"<cell {cell['id']}>"
    linecache.cache[file] = len(cell["source"]), None, cell["source"].splitlines(keepends=True), file
    try:
        exec(compile(cell["source"], file, "exec"), names)
    except Exception:
        return traceback.format_exc()
    return None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebook", type=Path)
    parser.add_argument("--times", type=int, default=1)
    options = parser.parse_args()
    stand_in_for_ipython()
    cells = code_cells(options.notebook)
    os.chdir(options.notebook.parent)
    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module  # what a cell defines can be pickled, as in a notebook
    errors, memory = {}, []
    started = time.perf_counter()
    for _ in range(options.times):
        for cell in cells:
            error = run_cell(cell, vars(module))
            if error:
                print(f"--- {cell['id']}\n{error}", flush=True)
                errors[cell["id"]] = error.splitlines()[-1][:300]
        gc.collect()
        if torch.cuda.is_available():
            memory.append(torch.cuda.memory_allocated())
    summary = {
        "notebook": options.notebook.stem,
        "cells": len(cells),
        "errors": errors,
        "seconds": round(time.perf_counter() - started, 1),
        "bytes on the GPU after each run": memory,
    }
    print(json.dumps(summary, ensure_ascii=False))
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
