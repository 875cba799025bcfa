"""Strangers' submissions, each by the real path: collected, run in the box, recorded, fed back.

One class is graded once: every attack, every broken file and three honest students, side by side. Each test looks at
what became of one of them.
"""

import hashlib
import json
import os
import re
import socket
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.course import units
from autograder.grading import classes
from autograder.grading.classes import grade_class
from autograder.grading.submissions import Options
from autograder.reports import feedback
from autograder.reports.marks import to_json
from autograder.sandbox import outer_wall
from autograder.sandbox.sandbox import Limits
from tests.hostile.attacks import ATTACKS, FILES, GUARD, PORT
from tests.hostile.hostile_class import HONEST, RIGHT, UNIT, answered, hand_in, make_course, released

pytestmark = [
    pytest.mark.real_path,
    pytest.mark.skipif(bool(problem := outer_wall.problem()), reason=f"no sandbox here: {problem}"),
]

SECONDS = 5


class Graded:
    """The class after grading."""

    def __init__(self, output: Path, results: list):
        self.output = output
        self.results = {result.student: result for result in results}

    def executed(self, student: str) -> str:
        path = self.output / "autograded" / student / UNIT / f"{UNIT}.ipynb"
        notebook = nbformat.read(path, as_version=4)
        return "\n".join(json.dumps(cell.outputs) for cell in notebook.cells if cell.cell_type == "code")


def fingerprint(folder: Path) -> dict[str, str]:
    """What is below a folder: names, kinds, and the content of regular files."""
    found = {}
    for path in sorted(folder.rglob("*")):
        information = path.lstat()
        content = b""
        if path.is_symlink():
            content = os.readlink(path).encode()
        elif path.is_file() and information.st_size < 10**8:
            content = path.read_bytes()
        key = f"{information.st_mode} {information.st_size} {hashlib.sha256(content).hexdigest()}"
        found[str(path.relative_to(folder))] = key
    return found


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Grade the whole class once; what must not change is compared before and after."""
    root = tmp_path_factory.mktemp("hostile")
    guard, submitted = root / "guard", root / "submitted"
    make_course(root / "course")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(units, "SOLUTIONS", root / "course" / "solutions")
        patch.setattr(units, "ANSWERS", root / "course" / "answers")
        patch.setenv("HOSTILE_TEST_SECRET", "GUARDED")
        blank = released(root / "released")
        right = answered(blank, RIGHT)
        guard.mkdir()
        (guard / "home.txt").write_text("GUARDED")
        Gradebook(f"sqlite:///{guard}/gradebook.db").close()
        nbformat.write(right, guard / "solution.ipynb")
        with (
            socket.create_server(("127.0.0.1", 0)) as server,
            socket.socket(socket.AF_UNIX) as named,
            socket.socket(socket.AF_UNIX) as abstract,
        ):
            here = os.getcwd()
            os.chdir(guard)  # a socket's path must be short
            named.bind("socket")
            os.chdir(here)
            abstract.bind("\0hostile-test-socket")
            for end in (named, abstract):
                end.listen()
            for student, (sources, _) in HONEST.items():
                hand_in(submitted, student, answered(blank, sources))
            for name, attack in ATTACKS.items():
                code = attack.code.replace(GUARD, str(guard)).replace(PORT, str(server.getsockname()[1]))
                hand_in(submitted, f"code-{name}", answered(blank, RIGHT | {"double": code}))
            for name, file in FILES.items():
                path = hand_in(submitted, f"file-{name}", None)
                try:
                    file.write(path, right)
                except PermissionError:
                    assert name == "device"  # only root makes one
            hand_in(submitted, "name with \u202e tricks", right)
            hand_in(submitted, "..hidden", right)
            before = {folder: fingerprint(folder) for folder in (guard, submitted, root / "course")}
            options = Options(jobs=2, limits=Limits(SECONDS, 10 * SECONDS, wall_factor=2))
            results = grade_class(submitted, root / "out", [], options, feedback).results
            for folder, was in before.items():
                assert fingerprint(folder) == was, f"{folder.name} changed"
    assert not (root / "escaped.ipynb").exists()
    assert {path.name for path in root.iterdir()} == {"guard", "submitted", "course", "released", "out"}
    return Graded(root / "out", results)


def options_of(value):
    return value if isinstance(value, tuple) else (value,)


@pytest.mark.parametrize("name", ATTACKS)
def test_attack(graded, name):
    attack, result = ATTACKS[name], graded.results[f"code-{name}"]
    assert result.status in options_of(attack.status), result
    assert result.score in options_of(attack.score), result
    assert attack.prints in graded.executed(result.student)


@pytest.mark.parametrize("name", FILES)
def test_file(graded, name):
    file, result = FILES[name], graded.results[f"file-{name}"]
    if name == "device" and os.getuid() != 0:
        pytest.skip("only root can make a device file")
    assert (result.status, result.score) == (file.status, file.score), result
    assert file.note in result.note


@pytest.mark.parametrize("student", HONEST)
def test_honest_students_keep_their_marks(graded, student):
    result = graded.results[student]
    assert (result.status, result.score) == ("graded", HONEST[student][1])


def test_odd_folder_names(graded):
    assert graded.results["name with \u202e tricks"].status == "invalid"
    assert "..hidden" not in graded.results  # hidden folders are no students


def test_there_are_enough_cases():
    assert len(ATTACKS) + len(FILES) >= 40


def test_the_gradebook_says_the_same(graded):
    with Gradebook(f"sqlite:///{graded.output}/gradebook.db") as gradebook:
        recorded = {s.student.id: s.score for s in gradebook.assignment_submissions(UNIT)}
    for student, result in graded.results.items():
        assert recorded.get(student, 0) == result.score


def test_no_process_is_left_over(graded):
    commands = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            commands.append(path.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:
            continue
    assert not [line for line in commands if re.search(r"sleep 98765", line)]
    mine = {str(path) for path in Path("/proc").glob("[0-9]*/stat") if _parent(path) == os.getpid()}
    assert not [path for path in mine if "bwrap" in Path(path).read_text()]


def _parent(stat: Path) -> int:
    try:
        return int(stat.read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def test_no_hidden_test_is_shown(graded):
    # An honest wrong answer may be told the likely cause, SECRET; the line that says it is never shown.
    pages = list((graded.output / "feedback").rglob("*.html"))
    assert len(pages) > 40
    shown = {page.parents[1].name: page.read_text() for page in pages}
    shown["json"] = to_json(classes.Graded(list(graded.results.values())))
    for student, text in shown.items():
        for leak in ("likely={", "{=ylekil", "HIDDEN TESTS", "STSET NEDDIH", "TERCES", "GUARDED"):
            assert leak not in text, (student, leak)


def test_messages_and_pages_stay_small(graded):
    for result in graded.results.values():
        assert all(len(cell["message"]) < 2000 for cell in result.cells)
    assert max(page.stat().st_size for page in (graded.output / "feedback").rglob("*.html")) < 10**7
