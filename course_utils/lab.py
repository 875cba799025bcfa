"""Open the course: ``python -m course_utils.lab``.

Copies what is new from ``notebooks/`` into ``work/`` and opens JupyterLab there, at the guide, which shows the
student's progress. A file that is already in ``work/`` is the student's and is never written over; in the guide only
the progress is. Settings are in ``lab_config/``, and hold for this JupyterLab only: what it opens, no news, none of
nbgrader's tools for instructors, the limits of its Validate button.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from course_utils.progress import saved_progress
from course_utils.progress.guide import show_in_guide

GUIDE = "guide.ipynb"
CONFIG = Path(__file__).parent / "lab_config"


def copy_new(source: Path, target: Path) -> list[Path]:
    """Copy every file of `source` that `target` does not have yet; return what was copied, as relative paths.

    >>> import tempfile
    >>> from pathlib import Path
    >>> from course_utils.lab import copy_new
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     source, target = Path(folder, "notebooks"), Path(folder, "work")
    ...     source.mkdir()
    ...     (source / "01.ipynb").touch()
    ...     print(*copy_new(source, target))
    ...     print(copy_new(source, target))  # nothing is new
    01.ipynb
    []

    Raises:
        FileNotFoundError: `source` is not a folder.
    """
    if not source.is_dir():
        raise FileNotFoundError(
            f"there is no folder {source.name}/ in {source.parent}; run this in the course's folder, "
            "the one that holds README.md"
        )
    copied = []
    for path in sorted(source.rglob("*")):
        relative = path.relative_to(source)
        hidden = any(part.startswith(".") for part in relative.parts)
        if path.is_dir() or hidden or os.path.lexists(target / relative):
            continue
        (target / relative).parent.mkdir(parents=True, exist_ok=True)
        # Whole or not at all: an interrupted copy must not stand there as the student's notebook for ever.
        partial = target / relative.parent / f".{relative.name}.partial"
        shutil.copyfile(path, partial)
        partial.rename(target / relative)
        copied.append(relative)
    return copied


def main(arguments: list[str]) -> int:
    """Copy, then run JupyterLab in ``work/``; `arguments` go to JupyterLab."""
    root = Path.cwd()
    try:
        copied = copy_new(root / "notebooks", root / "work")
    except FileNotFoundError as error:
        print(f"lab: {error}", file=sys.stderr)
        return 2
    print(f"work/: {len(copied)} new files; your own are as you left them")
    show_progress(root / "work")
    return open_lab(root / "work", arguments)


def show_progress(work: Path) -> None:
    """Print how much is done and what comes next, and write it into the guide.

    >>> import tempfile
    >>> from pathlib import Path
    >>> from course_utils.lab import show_progress
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     show_progress(Path(folder))
    There is no notebook of the course in this folder. Name the folder that holds yours.
    """
    progress = saved_progress(work)
    print(progress.to_line())
    try:
        show_in_guide(work / GUIDE, progress)
    except OSError as error:  # the lines above say it all the same
        print(f"lab: the guide does not show it, since its file cannot be written: {error.strerror}", file=sys.stderr)


def open_lab(work: Path, arguments: list[str]) -> int:
    """Run JupyterLab in `work`, with the course's settings; return its exit code. `arguments` go to JupyterLab."""
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={work}", *arguments]
    paths = filter(None, [str(CONFIG), os.environ.get("JUPYTER_CONFIG_PATH")])
    environment = os.environ | {"JUPYTER_CONFIG_PATH": os.pathsep.join(paths)}
    # JupyterLab gets Ctrl-C too, and asks whether it is meant; an interrupt here would kill it and leave its kernels.
    interrupts: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: interrupts.append(number))
    try:
        ended = subprocess.run(command, env=environment).returncode
    finally:
        signal.signal(signal.SIGINT, before)
    return 0 if interrupts else ended  # Ctrl-C is how JupyterLab is ended


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="replace")  # a terminal that lacks a sign of a heading shows the rest
    sys.exit(main(sys.argv[1:]))
