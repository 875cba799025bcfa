"""Open the course: ``python -m course_utils.lab``.

Brings today's ``notebooks/`` into ``work/``, around what the student wrote there, and opens JupyterLab there, at the
guide, which shows the student's progress. Settings are in ``lab_config/``, and hold for this JupyterLab only: what it
opens, no news, none of nbgrader's tools for instructors, the limits of its Validate button.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from course_utils.corrections.delivery import deliver
from course_utils.progress import saved_progress
from course_utils.progress.guide import show_in_guide

GUIDE = "guide.ipynb"
CONFIG = Path(__file__).parent / "lab_config"


def main(arguments: list[str]) -> int:
    """Bring today's notebooks, then run JupyterLab in ``work/``; `arguments` go to JupyterLab."""
    root = Path.cwd()
    try:
        sentences = deliver(root / "notebooks", root / "work", lambda: print("lab: waits for another one to start"))
    except OSError as error:
        print(f"lab: {error}", file=sys.stderr)
        return 2
    print(*sentences, sep="\n", end="\n" * bool(sentences))
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
