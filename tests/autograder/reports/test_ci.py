"""`ci`: one notebook, four files, and an exit code; over the demo course, and in the sandbox where there is one."""

import json
import xml.etree.ElementTree as ET

import nbformat
import pytest

from autograder.__main__ import main
from autograder.grading.messages import hidden_lines
from autograder.reports import ci
from autograder.sandbox import outer_wall
from tests.autograder.demo_course import OPTIONS, RIGHT, UNIT, demo_notebook

pytestmark = pytest.mark.real_path
FILES = {"results.json", "junit.xml", "summary.md", "feedback.html"}
HALF = {"double": RIGHT["double"], "double_all": "def double_all(x):\n    return x"}


def said(out):
    """What each of the four files says."""
    assert {path.name for path in out.iterdir()} == FILES
    texts = {path.name: path.read_text(encoding="utf-8") for path in out.iterdir()}
    ET.fromstring(texts["junit.xml"])
    return texts


@pytest.mark.parametrize(("minimum", "code"), [(0.5, ci.AT_LEAST), (0.51, ci.BELOW)])
def test_half_of_the_points(handed_in, tmp_path, minimum, code):
    # two of four automatic points; the written question's two wait for a person
    path = handed_in("ada", HALF).rename(tmp_path / "my answers.ipynb")
    assert ci.grade_push(path, tmp_path / "out", minimum, OPTIONS) == code
    texts = said(tmp_path / "out")
    results = json.loads(texts["results.json"])
    assert results["score"] == 2
    assert {test["name"]: (test["score"], test["status"]) for test in results["tests"]} == {
        "double-plain": (1, "passed"),
        "double-hard": (1, "passed"),
        "double_all-plain": (0, "failed"),
        "double_all-hard": (0, "failed"),
    }
    suite = ET.fromstring(texts["junit.xml"]).find("testsuite")
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("5", "2", "1")
    assert "| 0 of 2 | Demo: the plain case: double\\_all(1)" in texts["summary.md"]
    assert "2 of 4 automatic points" in texts["summary.md"]


def test_no_output_has_a_line_of_a_hidden_test(handed_in, tmp_path):
    quotes = "import inspect\ndef double(x):\n    raise ValueError(str([f.code_context for f in inspect.stack()]))"
    path = handed_in("eve", {"double": quotes, "double_all": HALF["double_all"]})
    ci.grade_push(path, tmp_path / "out", 0, OPTIONS)
    hidden = {line for cell in demo_notebook().cells for line in hidden_lines(cell)}
    assert len(hidden) == 4
    for name, text in said(tmp_path / "out").items():
        assert not [line for line in hidden if line in text], name


def test_what_a_strangers_message_can_do_to_a_page(handed_in, tmp_path):
    evil = "def double(x):\n    raise ValueError('</td><script>x</script> | ![a](http://e) @teacher \x1b[2J')"
    path = handed_in("eve", {"double": evil, "double_all": RIGHT["double_all"]})
    ci.grade_push(path, tmp_path / "out", 0, OPTIONS)
    texts = said(tmp_path / "out")
    for sign in ("<script>", "![a]", "@teacher", "\x1b"):
        assert sign not in texts["summary.md"]
    assert "\x1b" not in texts["junit.xml"] + texts["results.json"]
    (row,) = [line for line in texts["summary.md"].splitlines() if "script" in line]
    assert row.replace("\\|", "").count("|") == 4


UNUSABLE = {
    "gone.ipynb": (None, "There is no file gone.ipynb: was the notebook deleted or renamed?"),
    "pointer.ipynb": (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "it is a pointer of Git LFS"),
    "large.ipynb": (b" " * 20_000_001, "large.ipynb has 20 MB, more than 20 MB: clear its outputs."),
    "notes.ipynb": (b"{}", "it has no graded cell of any unit, and its name is no unit's"),
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_a_notebook_that_cannot_be_graded_is_a_result_with_a_sentence(demo, tmp_path, name):
    content, sentence = UNUSABLE[name]
    if content is not None:
        (tmp_path / name).write_bytes(content)
    assert ci.grade_push(tmp_path / name, tmp_path / "out", 0.5, OPTIONS) == ci.UNUSABLE
    texts = said(tmp_path / "out")
    assert sentence in json.loads(texts["results.json"])["output"]
    assert "<error" in texts["junit.xml"]


def test_what_is_no_json_but_has_a_units_name(demo, tmp_path):
    (tmp_path / f"{UNIT}.ipynb").write_text("<<<<<<< HEAD")
    assert ci.grade_push(tmp_path / f"{UNIT}.ipynb", tmp_path / "out", 0, OPTIONS) == ci.UNUSABLE
    assert "is not a Jupyter notebook" in said(tmp_path / "out")["results.json"]


def test_a_repository_has_one_notebook_of_the_course_or_is_asked_for_it(handed_in, tmp_path):
    repository = tmp_path / "repository"
    (repository / "deep" / ".ipynb_checkpoints").mkdir(parents=True)
    content = handed_in("ada", RIGHT).read_bytes()
    (repository / "deep" / "mine.ipynb").write_bytes(content)
    (repository / "deep" / ".ipynb_checkpoints" / "mine.ipynb").write_bytes(content)
    nbformat.write(nbformat.v4.new_notebook(), repository / "other.ipynb")
    assert ci.grade_push(repository, tmp_path / "out", 1, OPTIONS) == ci.AT_LEAST
    (repository / "again.ipynb").write_bytes(content)
    assert ci.grade_push(repository, tmp_path / "two", 1, OPTIONS) == ci.UNUSABLE
    summary = said(tmp_path / "two")["summary.md"].replace("\\", "")
    assert "2 notebooks of the course are there (again.ipynb, deep/mine.ipynb)" in summary


def test_without_a_sandbox_nothing_is_run_and_the_code_says_so(handed_in, tmp_path, monkeypatch, capsys):
    path = handed_in("ada", {"double": f"open({str(tmp_path / 'was-run')!r}, 'w')"})
    monkeypatch.setattr(outer_wall, "problem", lambda: "bubblewrap is not installed")
    assert main(["ci", str(path), "--out", str(tmp_path / "out")]) == ci.NO_SANDBOX
    assert "bubblewrap is not installed" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
    assert not (tmp_path / "was-run").exists()


@pytest.mark.parametrize("text", ["60", "120%", "x%", "-1%"])
def test_a_minimum_that_is_no_percentage(text, capsys):
    with pytest.raises(SystemExit) as caught:
        main(["ci", "a.ipynb", "--out", "out", f"--min={text}"])
    assert caught.value.code == 2
    assert "is not a percentage as 60%" in capsys.readouterr().err
