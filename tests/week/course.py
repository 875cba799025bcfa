"""A copy of the course with one small unit, its class of 120, and what the learning management systems hand over."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder import ROOT
from autograder.bank.sample_class import answer
from tests.autograder.demo_course import RIGHT, demo_notebook
from tests.browser.server import Server

UNIT = "02-shapes"  # under the name that docs/instructor.md uses
WRONG = RIGHT | {"double": "def double(x):\n    return x"}
BROKEN = RIGHT | {"double": "def double(x:\n    return 2 * x"}
# Each kind of student: how many there are, what they answer, and the points of the four tests. A written answer has 2
# more. The late ones hand in by git; the absent ones hand in nothing.
KINDS = {
    "right": (60, RIGHT, 4),
    "wrong": (36, WRONG, 2),
    "broken": (12, BROKEN, 2),
    "untouched": (6, {}, 0),
    "late": (3, RIGHT, 4),
    "absent": (3, {}, 0),
}
POINTS = 6
FACTORS = {"double": 2, "double_all": 3}  # what the right answers multiply by
CAUSE = "it gives back what came"
LATE = "2026-11-22T01:59:00Z"  # 26 hours after the end of the day on which the unit is due
NAMES = ("Zoë van der Müller-Lüdenscheidt", "Ada O'Neil", "José García López", "Hà Nguyễn", "Bob Ross")
COPIED = (
    *("autograder", "course_utils", "docs", "templates", "tools", ".devcontainer", ".vscode", "Makefile", "README.md"),
    *("LICENSE", "pyproject.toml", "requirements.txt", "environment.yml", "nbgrader_config.py", ".gitignore"),
)


@dataclass(frozen=True)
class Person:
    """A student: `number` counts from 1, `kind` says what was handed in."""

    number: int
    kind: str

    @property
    def id(self) -> str:
        return f"s{self.number:03}"

    @property
    def name(self) -> str:
        """First and last name; a number in letters tells apart those who share the rest."""
        first, _, last = NAMES[self.number % len(NAMES)].partition(" ")
        return f"{first}-{''.join('ABCDEFGHIJ'[int(digit)] for digit in str(self.number))} {last}"

    @property
    def lms_id(self) -> str:
        return str(7000 + self.number)


def class_of_120() -> list[Person]:
    """The class, kind after kind."""
    kinds = [kind for kind, (count, _, _) in KINDS.items() for _ in range(count)]
    return [Person(number, kind) for number, kind in enumerate(kinds, 1)]


class Course:
    """A copy of the course in a folder of its own, committed, with the demo unit as its only one.

    Args:
        root: the folder; made here.
        home: the home folder, with ``Downloads/``, of whoever runs the commands.
    """

    def __init__(self, root: Path, home: Path):
        self.root, self.home = root, home
        self.downloads = home / "Downloads"
        self.downloads.mkdir(parents=True)
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, root / name, ignore=shutil.ignore_patterns("__pycache__"))
            elif source.is_file():
                shutil.copy2(source, root / name)  # with its time: `make` sees that the environment is newer
        (root / ".venv").symlink_to(Path(sys.prefix))
        (root / "solutions" / UNIT).mkdir(parents=True)
        nbformat.write(_whole(demo_notebook()), root / "solutions" / UNIT / f"{UNIT}.ipynb")
        for name, source in RIGHT.items():
            bank = root / "tests" / "answers" / UNIT / name
            bank.mkdir(parents=True)
            (bank / "right-plain.py").write_text(source)
            lost = f"{name}-plain, {name}-hard"
            (bank / "wrong-identity.py").write_text(
                f"# cause: {CAUSE}\n# loses: {lost}\ndef {name}(x):\n    return x\n"
            )
        said = self.run("git init -q && .venv/bin/python -m autograder release; git add -A && git commit -qm Course")
        if said.returncode:
            raise RuntimeError(f"the course cannot be committed:\n{said.stdout}")
        self.released = nbformat.read(root / "notebooks" / UNIT / f"{UNIT}.ipynb", as_version=4)

    @property
    def environment(self) -> dict[str, str]:
        """That of the person at home there; `PYTHONPATH` would let the commands find another course."""
        who = {
            f"GIT_{role}_{what}": "ada@example.org" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
        }
        own = who | {"HOME": str(self.home), "TZ": "UTC", "OMP_NUM_THREADS": "1"}
        return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | own

    def run(self, command: str) -> subprocess.CompletedProcess:
        """Run a command line in the course's folder; what it said is in `stdout`."""
        return subprocess.run(
            ["bash", "-c", command],
            cwd=self.root,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def notebook(self, person: Person) -> bytes:
        """What this person hands in."""
        return nbformat.writes(answer(self.released, KINDS[person.kind][1])).encode("utf-8")

    def write_roster(self, people: Iterable[Person]) -> None:
        """Write ``roster.csv``; those who are late have a repository."""
        rows = [["id", "first_name", "last_name", "email", "lms_id", "repository"]]
        for person in people:
            repository = f"https://git.example.org/{person.id}.git" if person.kind == "late" else ""
            first, _, last = person.name.partition(" ")
            rows.append([person.id, first, last, f"{person.id}@example.org", person.lms_id, repository])
        (self.root / "roster.csv").write_text(_csv(rows), encoding="utf-8")

    def write_clones(self, people: Iterable[Person]) -> None:
        """Write ``clones/``, with a repository of each who is late."""
        for person in people:
            if person.kind == "late":
                clone = self.root / "clones" / person.id
                clone.mkdir(parents=True)
                (clone / "my work.ipynb").write_bytes(self.notebook(person))
                done = self.run(
                    f"cd {clone} && git init -q && git remote add origin https://git.example.org/{person.id}.git && "
                    f"git add -A && GIT_AUTHOR_DATE={LATE} GIT_COMMITTER_DATE={LATE} git commit -qm Homework"
                )
                assert done.returncode == 0, done.stdout


class Formgrader(Server):
    """JupyterLab as ``make instructor`` starts it in the course's folder, asked as the formgrader's pages ask it."""

    def __init__(self, course: Course):
        super().__init__(course.root, [], course.root)
        own = {
            name: value for name, value in self.environment.items() if name.startswith(("JUPYTER", "IPYTHON", "MPL"))
        }
        self.environment = course.environment | own
        settings = {"port": self.port, "port_retries": 0, "open_browser": False, "allow_root": True}
        folder = Path(own["JUPYTER_CONFIG_DIR"])
        folder.mkdir(parents=True)
        config = {"ServerApp": settings, "IdentityProvider": {"token": self.token}}
        (folder / "jupyter_server_config.json").write_text(json.dumps(config))

    def command(self) -> list[str]:
        return ["make", "instructor"]

    def mark(self, points: dict[str, float], comment: str) -> int:
        """Give each student these points for the written answer, and a comment; return how many answers had waited."""
        waited = 0
        for notebook in json.loads(self.ask(f"formgrader/api/submissions/{UNIT}")):
            student = notebook["student"]
            if student not in points or not notebook["id"]:
                continue
            [submission] = json.loads(self.ask(f"formgrader/api/student_notebook_submissions/{student}/{UNIT}"))
            for grade in json.loads(self.ask(f"formgrader/api/grades?submission_id={submission['id']}")):
                if grade["name"] == "written":
                    waited += grade["needs_manual_grade"]
                    self._put(f"formgrader/api/grade/{grade['id']}", {"manual_score": points[student]})
            for each in json.loads(self.ask(f"formgrader/api/comments?submission_id={submission['id']}")):
                if each["name"] == "written":
                    self._put(f"formgrader/api/comment/{each['id']}", {"manual_comment": comment})
        return waited

    def _put(self, path: str, what: dict) -> None:
        self.ask(path, "PUT", json.dumps(what).encode())


def write_moodle(course: Course, people: Iterable[Person]) -> None:
    """Write Moodle's zip of all submissions and its grading worksheet to the downloads."""
    rows = [
        ["Identifier", "Full name", "Email address", "Status", "Grade", "Maximum Grade", "Grade can be changed"]
        + ["Last modified (submission)", "Last modified (grade)", "Feedback comments"]
    ]
    with zipfile.ZipFile(course.downloads / "all.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for person in people:
            number = 5000 + person.number
            if person.kind not in ("late", "absent"):
                name = f"{person.name}_{number}_assignsubmission_file_/{UNIT}.ipynb"
                archive.writestr(zipfile.ZipInfo(name, (2026, 11, 20, 10, 0, 0)), course.notebook(person))
            rows.append([f"Participant {number}", person.name, f"{person.id}@example.org", "", "", "100.00", "Yes"])
            rows[-1] += ["-", "-", ""]
    (course.downloads / "worksheet.csv").write_text(_csv(rows), encoding="utf-8-sig")


def write_canvas(course: Course, people: Iterable[Person]) -> None:
    """Write Canvas's zip of the submissions and its exported gradebook to the downloads."""
    rows = [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", f"{UNIT} (31)"],
        ["    Points Possible", "", "", "", "", "100"],
    ]
    with zipfile.ZipFile(course.downloads / "all.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for person in people:
            first, _, last = person.name.partition(" ")
            if person.kind not in ("late", "absent"):
                letters = "".join(filter(str.isalnum, f"{last}{first}")).lower()
                name = f"{letters}_{person.lms_id}_{90000 + person.number}_{UNIT}.ipynb"
                archive.writestr(zipfile.ZipInfo(name, (2026, 11, 20, 10, 0, 0)), course.notebook(person))
            rows.append([f"{last}, {first}", person.lms_id, "", f"{person.id}@example.org", "One", ""])
    (course.downloads / "canvas.csv").write_text(_csv(rows), encoding="utf-8")


def _whole(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """With the headings, hints and checks that a release asks for."""
    for number, name in enumerate((*RIGHT, "written"), 1):
        place = next(k for k, cell in enumerate(notebook.cells) if cell.id == name)
        if name in RIGHT:
            hint = "<details><summary>Hint 1: a nudge</summary>\n\nMultiply.\n\n</details>"
            right = FACTORS[name] * 3
            check = (
                "# Check yourself: the number 3\nfrom course_utils.checks import check_equal\n"
                f"check_equal({name}(3), {right}, '{name}(3)', likely={{{CAUSE!r}: 3}})"
            )
            notebook.cells[place + 1 : place + 1] = [
                new_markdown_cell(hint, id=f"{name}-hints"),
                new_code_cell(check, id=f"{name}-check"),
            ]
        notebook.cells.insert(place, new_markdown_cell(f"## Exercise {number} · {name}", id=f"heading-{name}"))
    return notebook


def _csv(rows: list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue()
