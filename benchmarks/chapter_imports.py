"""What a chapter's imports cost: those that are ours beyond those of the libraries that the chapter imports anyway.

``python -m benchmarks chapter_imports``. Processor time is measured, since other work on the machine makes the clock
swing: in one fresh Python the libraries first, then ours.
"""

from __future__ import annotations

import argparse
import ast
import os
import statistics
import subprocess
import sys

from autograder.course import units
from autograder.course.cells import is_task

COMMON = "import torch, torchvision, matplotlib.pyplot"
PROGRAM = """import time
{common}
times = [time.process_time()]
{libraries}
times.append(time.process_time())
{ours}
times.append(time.process_time())
print(*times)
"""


def imports_of_first_cell(unit: str) -> tuple[str, str]:
    """The imports of a unit's first cell that imports ours: those of libraries, and ours."""
    cells = (cell for cell in units.source_notebook(unit).cells if cell.cell_type == "code" and not is_task(cell))
    cell = next(cell for cell in cells if "from course_utils" in cell.source)
    imports = [node for node in ast.parse(cell.source).body if isinstance(node, ast.Import | ast.ImportFrom)]
    ours = [node for node in imports if (getattr(node, "module", None) or "").startswith("course_utils")]
    return tuple("\n".join(map(ast.unparse, part)) for part in ([n for n in imports if n not in ours], ours))


def processor_seconds(libraries: str, ours: str) -> list[float]:
    """Of a fresh Python: at the end of the common imports, of the libraries, of ours."""
    program = PROGRAM.format(common=COMMON, libraries=libraries, ours=ours)
    environment = os.environ | {"MPLBACKEND": "agg"}
    said = subprocess.run([sys.executable, "-c", program], check=True, env=environment, capture_output=True, text=True)
    return [float(number) for number in said.stdout.split()]


def main(options: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks chapter_imports", description=__doc__)
    parser.add_argument("--turns", type=int, default=5, help="each unit's imports are run as often (default 5)")
    turns = parser.parse_args(options).turns
    print(f"processor seconds, median of {turns} turns; common: {COMMON}")
    print("unit                 common  libraries   ours   ours of all")
    for unit in units.unit_names():
        runs = [processor_seconds(*imports_of_first_cell(unit)) for _ in range(turns)]
        common, libraries, whole = (statistics.median(column) for column in zip(*runs, strict=True))
        shares = (whole - libraries, (whole - libraries) / whole)
        print(f"{unit:20} {common:6.2f} {libraries - common:10.2f} {shares[0]:6.2f} {shares[1]:12.1%}", flush=True)
