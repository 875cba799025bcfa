"""The workflows in ``templates/``, run step by step for a class, with git, an API and a sandbox."""

import html
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import yaml
from nbformat.v4 import new_code_cell

from autograder import ROOT
from autograder.grading.messages import hidden_lines
from autograder.release.notebooks import generate
from autograder.sandbox import outer_wall
from tests.autograder.conftest import demo, handed_in  # noqa: F401 - fixtures
from tests.autograder.demo_course import RIGHT, UNIT, demo_notebook
from tests.templates.forge import TOKEN, forge, push
from tests.templates.runner import Runner

GITHUB = ROOT / "templates" / "github"
GITLAB = ROOT / "templates" / "gitlab"
CHECK, GRADE = (
    GITHUB / "student" / ".github" / "workflows" / "check.yml",
    GITHUB / "instructor" / ".github" / "workflows" / "grade.yml",
)
PIPELINES = [GITLAB / who / ".gitlab-ci.yml" for who in ("student", "instructor")]

needs_sandbox = pytest.mark.skipif(bool(outer_wall.problem()), reason=f"no sandbox: {outer_wall.problem()}")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the workflows' scripts are for Linux")


@pytest.mark.parametrize("path", [CHECK, GRADE], ids=lambda path: path.name)
def test_rights_and_pins(path):
    text, content = path.read_text(encoding="utf-8"), yaml.safe_load(path.read_text(encoding="utf-8"))
    assert "pull_request" not in text
    assert content["permissions"] in ({}, {"contents": "read"})
    for job in content["jobs"].values():
        assert job.get("permissions", {"contents": "read"}) == {"contents": "read"}
        assert job["timeout-minutes"]
        for step in job["steps"]:
            assert "run" in step or re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", step["uses"])
            if step.get("uses", "").startswith("actions/checkout"):
                assert step["with"] == {"persist-credentials": False}


def test_only_steps_without_students_code_have_the_token():
    assert "secrets." not in CHECK.read_text(encoding="utf-8")
    jobs = yaml.safe_load(GRADE.read_text(encoding="utf-8"))["jobs"]
    with_secret = {name for name, job in jobs.items() if "secrets." in json.dumps(job)}
    assert with_secret == {"fetch", "post"}
    assert "ci-class" in json.dumps(jobs["grade"])


def test_a_token_that_gitlab_gives_to_every_job_stops_the_one_that_grades():
    guard = yaml.safe_load(PIPELINES[1].read_text(encoding="utf-8"))["grade"]["script"][0]
    for token, code in ((TOKEN, 1), ("", 0)):
        ran = subprocess.run(["bash", "-ec", guard], env={"CLASS_TOKEN": token}, capture_output=True, text=True)
        assert ran.returncode == code
        assert TOKEN not in ran.stdout + ran.stderr


def course_in(folder: Path, solutions: Path) -> Path:
    """An instructor's repository: the course's code with the demo course's unit."""
    for package in ("autograder", "course_utils"):
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copyfile(ROOT / "nbgrader_config.py", folder / "nbgrader_config.py")
    shutil.copytree(solutions, folder / "solutions")
    return folder


CURIOUS = (
    "import os, glob\n"
    "def double(x):\n"
    "    said = [open(p, errors='replace').read() for p in glob.glob('/proc/*/environ')]\n"
    "    raise ValueError(f'{dict(os.environ)} {said} {os.listdir(\"/\")}')"
)
POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"


@pytest.fixture
def pushed(handed_in, tmp_path):  # noqa: F811 - a fixture
    """Bare repositories of a class, one right, one wrong, one deleted, one in LFS; and each student's commit."""
    repositories, commits = tmp_path / "repositories", {}
    for student, sources in {"ada": RIGHT, "bob": RIGHT | {"double": CURIOUS}, "cyd": RIGHT, "dan": RIGHT}.items():
        work = tmp_path / "home" / student
        place = work / "work" / UNIT / f"{UNIT}.ipynb"
        place.parent.mkdir(parents=True)
        handed_in(student, sources).rename(place)
        if student == "ada":  # hooks, filters and links, of which nothing acts
            (work / ".gitattributes").write_text("*.ipynb filter=lfs\n")
            (work / "link.ipynb").symlink_to("/etc/passwd")
            (work / "a:b?.ipynb").write_text("{}")
            with (work / "data.bin").open("wb") as file:
                file.truncate(30_000_000)
        if student == "cyd":
            push(work, tmp_path / "first", student)
            place.unlink()
        if student == "dan":
            place.write_text(POINTER)
        commits[student] = push(work, repositories / "class", student)
    return repositories, commits


def roster(server, students):
    lines = [f"{student},{server.address}/class/{student}.git" for student in students]
    return "\n".join(["id,repository", *lines, "eve,https://elsewhere.example.org/class/eve", "fay,"]) + "\n"


def nothing_leaks(runner):
    """No file that a job kept or wrote, no log, no page has the token or a line of a hidden test."""
    hidden = {line for cell in demo_notebook().cells for line in hidden_lines(cell)}
    files = [path for path in runner.kept.rglob("*") if path.is_file()]
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in files]
    texts += [runner.log, runner.page.read_text() if runner.page.exists() else ""]
    assert len(hidden) == 4
    assert len(files) > 20
    for text in texts:
        assert TOKEN not in text
        for form in (text, html.unescape(re.sub(r"<[^>]*>", "", text)), text.replace("\\", "")):
            assert not [line for line in hidden if line in form]


KINDS = {
    "github": ("repos/class/{}", "context", "body", ("success", "failure", "error")),
    "gitlab": ("projects/class/{}", "name", "note", ("success", "failed", "failed")),
}


@needs_sandbox
@pytest.mark.real_path
@pytest.mark.parametrize("kind", KINDS)
def test_a_class_is_fetched_graded_and_told(demo, pushed, tmp_path, kind):  # noqa: F811 - a fixture
    repositories, commits = pushed
    place, label, text, (enough, below, unusable) = KINDS[kind]
    checkout = course_in(tmp_path / "checkout", demo / "solutions")
    with forge(repositories) as server:
        (checkout / "roster.csv").write_text(roster(server, commits))
        values = {
            "secrets.CLASS_TOKEN": TOKEN,
            "inputs.unit || vars.UNIT": UNIT,
            "inputs.minimum || vars.MINIMUM || '60%'": "60%",
        }
        variables = {"GITHUB_SERVER_URL": server.address, "GITHUB_API_URL": f"{server.address}/api"}
        if kind == "gitlab":
            values = {"CLASS_TOKEN": TOKEN, "UNIT": UNIT}
            variables = {"CI_SERVER_URL": server.address, "CI_API_V4_URL": f"{server.address}/api"}
        runner = Runner(checkout, tmp_path / "runner", values, variables)
        runner.scratch.mkdir()
        run = (lambda: runner.github(GRADE)) if kind == "github" else (lambda: runner.gitlab(PIPELINES[1]))
        codes = run()
    # eve's repository is elsewhere, so that nothing can be told there: that is said.
    assert codes == {"fetch": 0, "grade": 0, "post": 1}, runner.log
    assert "eve: unusable: not posted: The roster's repository https://elsewhere.example.org/class/eve is not on" in (
        runner.log
    )
    said = {}
    for (commit, fields), path in zip(server.posted, server.paths, strict=True):
        student = next(name for name in commits if commits[name] == commit)
        assert path.startswith(f"/api/{place.format(student)}/")
        said.setdefault(student, {}).update(fields)
    assert {student: fields["state"] for student, fields in said.items()} == {
        "ada": enough,
        "bob": below,
        "cyd": unusable,
        "dan": unusable,
    }
    assert {fields[label] for fields in said.values()} == {f"course/{UNIT}"}
    assert said["ada"]["description"] == "4 of 4 automatic points; 60% are asked for: enough"
    assert said["bob"]["description"] == "2 of 4 automatic points; 60% are asked for: not enough"
    assert f"There is no notebook of {UNIT} here: was it deleted or renamed?" in said["cyd"]["description"]
    assert "it is a pointer of Git LFS" in said["dan"][text]
    assert "| 0 of 2 | Demo: the plain case: ValueError" in said["bob"][text]
    page = runner.page.read_text() if kind == "github" else runner.log
    assert "| ada | enough | 4 of 4 automatic points" in page
    nothing_leaks(runner)
    assert TOKEN not in json.dumps(server.posted)
    # The token is in the first and the last job alone.
    assert ["CLASS_TOKEN" in environment for environment in runner.environments] == [True, False, True]


@pytest.mark.real_path
@pytest.mark.parametrize("workflow", [CHECK, PIPELINES[0]], ids=["github", "gitlab"])
def test_a_students_push_says_what_each_visible_check_says(demo, tmp_path, workflow):  # noqa: F811 - a fixture
    source = demo_notebook()
    for name, factor in (("double", 2), ("double_all", 3)):
        place = next(i for i, cell in enumerate(source.cells) if cell.id == name)
        source.cells.insert(place + 1, new_code_cell(f"assert {name}(1) == {factor}", id=f"{name}-check"))
    nbformat.write(source, demo / "solutions" / UNIT / f"{UNIT}.ipynb")
    checkout = tmp_path / "student"
    generate(checkout / "notebooks")
    shutil.copytree(ROOT / "course_utils", checkout / "course_utils")
    mine = nbformat.read(checkout / "notebooks" / UNIT / f"{UNIT}.ipynb", as_version=4)
    for cell in mine.cells:
        if cell.id in RIGHT:
            cell.source = {"double": RIGHT["double"], "double_all": "def double_all(x):\n    return x"}[cell.id]
    (checkout / "work" / UNIT).mkdir(parents=True)
    nbformat.write(mine, checkout / "work" / UNIT / f"{UNIT}.ipynb")
    before = (checkout / "work" / UNIT / f"{UNIT}.ipynb").read_bytes()
    runner = Runner(checkout, tmp_path / "runner", {}, {})
    runner.scratch.mkdir()
    codes = runner.github(workflow) if workflow is CHECK else runner.gitlab(workflow)
    assert codes == {"check": 1}, runner.log
    said = runner.page.read_text() if workflow is CHECK else runner.log
    assert "## What the visible checks say\n\n### Demo" in said
    states = re.findall(r"^\| .+ \| (\w+) \| (.*) \|$", said, flags=re.MULTILINE)[1:]
    assert states == [("done", "solved when last run"), ("tried", "the check showed an error"), ("untouched", "")]
    assert (runner.scratch / "check" / "work" / UNIT / f"{UNIT}.ipynb").read_bytes() == before
