"""``python -m course_utils.progress [FOLDER]``: where you stand, in a terminal."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from course_utils.progress import saved_progress


def main(arguments: list[str]) -> int:
    """Print the progress in a folder; return the exit code, 2 if there is nothing to read."""
    parser = argparse.ArgumentParser(prog="python -m course_utils.progress", description="Where you stand.")
    parser.add_argument(
        "folder", nargs="?", help="holds your notebooks; without it work/, or else the folder you are in"
    )
    name = parser.parse_args(arguments).folder
    folder = Path(name) if name else Path("work") if Path("work").is_dir() else Path()
    if not folder.is_dir():
        print(f"progress: there is no folder {name}", file=sys.stderr)
        return 2
    progress = saved_progress(folder)
    print(progress)
    return 0 if progress.chapters else 2


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="replace")  # a terminal that lacks a sign of a heading shows the rest
    sys.exit(main(sys.argv[1:]))
