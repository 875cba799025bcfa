"""``python -m course_utils.validate [FOLDER]``: run what you have begun, and say what the visible checks say of it.

For a workflow in a repository: it prints Markdown. Your files stay as they are.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from course_utils.progress import TRIED, Chapter, Progress, saved_progress

FOLDERS = ("work", "notebooks", ".")
SECONDS = 30  # for a cell without a limit of its own, as the grader gives it


def main(arguments: list[str]) -> int:
    """Run and report; return the exit code: 1 if an answer that was begun is not done, 2 if there is nothing to run."""
    parser = argparse.ArgumentParser(prog="python -m course_utils.validate", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, help="holds your notebooks; default: the first of work/, ...")
    folder = parser.parse_args(arguments).folder or next(Path(name) for name in FOLDERS if Path(name).is_dir())
    if not folder.is_dir():
        print(f"validate: there is no folder {folder}", file=sys.stderr)
        return 2
    progress, problems = fresh_progress(folder.resolve())
    print(to_markdown(progress, problems))
    if not progress.chapters:
        return 2
    tried = any(exercise.state == TRIED for chapter in progress.chapters for exercise in chapter.exercises)
    return 1 if tried or problems else 0


def fresh_progress(folder: Path) -> tuple[Progress, list[str]]:
    """The progress in `folder` after each chapter that is begun has run from top to bottom, in a copy.

    Returns:
        The progress, and a sentence for each notebook that cannot be read or did not run to its end.
    """
    problems = []
    with tempfile.TemporaryDirectory(prefix="validate-") as scratch:
        work = Path(scratch, "work")
        shutil.copytree(folder, work, ignore=shutil.ignore_patterns(".*", "backups"))
        release = folder.parent / "notebooks"
        if release.is_dir() and release != folder:
            shutil.copytree(release, work.parent / "notebooks")
        for chapter in saved_progress(work).chapters:
            if chapter.problem and (work / chapter.path).exists():  # one that is not there is just not begun
                problems.append(chapter.problem)
            elif chapter.begun and (problem := _run(work / chapter.path)):
                problems.append(f"{chapter.path} {problem}")
        return saved_progress(work), problems


def _run(path: Path) -> str:
    """Run a notebook in place; return why it did not get to its end, or ""."""
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import DeadKernelError

    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    client = NotebookClient(
        notebook,
        timeout_func=lambda cell: cell.metadata.get("course", {}).get("seconds", SECONDS),
        interrupt_on_timeout=True,
        allow_errors=True,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
    )
    problem = ""
    try:
        client.execute()
    except DeadKernelError:
        problem = "ended its kernel: the cells behind that were not run"
    nbformat.write(notebook, path)
    return problem


def to_markdown(progress: Progress, problems: list[str]) -> str:
    """A table for each chapter that is begun, and what else was seen."""
    begun = [chapter for chapter in progress.chapters if chapter.begun]
    parts = [_table(chapter) for chapter in begun]
    if not begun and progress.chapters:
        parts.append("No exercise is begun yet.")
    return "\n\n".join(["## What the visible checks say", *parts, *problems, *progress.notes])


def _table(chapter: Chapter) -> str:
    rows = [f"| {exercise.title} | {exercise.state} | {exercise.reason} |" for exercise in chapter.exercises]
    return "\n".join([f"### {chapter.title}", "", "| exercise | state | how it is known |", "|---|---|---|", *rows])


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="replace")  # a terminal that lacks a sign of a heading shows the rest
    sys.exit(main(sys.argv[1:]))
