"""`ci` and `ci-class`: four files for each notebook, and exit codes; over the demo course, and in the sandbox where
there is one.
"""

import html
import json
import re
import xml.etree.ElementTree as ET

import jsonschema
import nbformat
import pytest

from autograder.__main__ import main
from autograder.course import units
from autograder.grading.messages import hidden_lines
from autograder.grading.results import Result
from autograder.reports import ci
from autograder.reports.ci_files import NAMES, is_enough, write_graded
from autograder.sandbox import outer_wall
from tests.autograder.demo_course import OPTIONS, RIGHT, UNIT, demo_notebook

HALF = {"double": RIGHT["double"], "double_all": "def double_all(x):\n    return x"}
TEXT = {"type": "string"}
# https://gradescope-autograders.readthedocs.io/en/latest/specs/, "Output format"
FORMAT = {"enum": ["text", "html", "simple_format", "md", "ansi"]}
VISIBILITY = {"enum": ["hidden", "after_due_date", "after_published", "visible"]}
GRADESCOPE = {
    "type": "object",
    "required": ["tests"],
    "additionalProperties": False,
    "properties": {
        "score": {"type": "number"},
        "execution_time": {"type": "number"},
        "output": TEXT,
        "output_format": FORMAT,
        "test_output_format": FORMAT,
        "test_name_format": FORMAT,
        "visibility": VISIBILITY,
        "stdout_visibility": VISIBILITY,
        "extra_data": {"type": "object"},
        "leaderboard": {"type": "array"},
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    "score": {"type": "number"},
                    "max_score": {"type": "number"},
                    "status": {"enum": ["passed", "failed"]},
                    "name": TEXT,
                    "name_format": FORMAT,
                    "number": TEXT,
                    "output": TEXT,
                    "output_format": FORMAT,
                    "tags": {"type": "array", "items": TEXT},
                    "visibility": VISIBILITY,
                    "extra_data": {"type": "object"},
                },
            },
        },
    },
}


def said(out):
    """What each of the four files says, each in its form."""
    assert {path.name for path in out.iterdir()} == set(NAMES)
    texts = {path.name: path.read_text(encoding="utf-8") for path in out.iterdir()}
    suite = ET.fromstring(texts["junit.xml"]).find("testsuite")
    cases = suite.findall("testcase")
    for count, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        assert int(suite.get(count)) == sum(case.find(tag) is not None for case in cases)
    assert int(suite.get("tests")) == len(cases)
    jsonschema.validate(json.loads(texts["results.json"]), GRADESCOPE)
    return texts


def result(*scores):
    cells = [{"id": f"c-{n}", "score": score, "max_score": 2, "message": ""} for n, score in enumerate(scores)]
    return Result("ada", UNIT, "graded", cells=cells)


@pytest.mark.parametrize(
    ("scores", "minimum", "enough"),
    [
        ((2, 0), 0.5, True),  # 2 of 4
        ((2, 0), 0.51, False),
        ((2, None), 1, True),  # what a person reads does not count on either side
        ((0, 0), 0, True),
        ((0.2, 0.4), 0.15, True),  # 0.6 of 4, whatever 0.2 + 0.4 is in binary
    ],
)
def test_the_minimum_is_of_the_automatic_points(scores, minimum, enough):
    assert is_enough(result(*scores), minimum) is enough
    assert ci._verdict(result(*scores), minimum).code == (ci.AT_LEAST if enough else ci.BELOW)


def test_a_fault_of_the_graders_is_no_mark_and_an_invalid_notebook_never_enough():
    failed = Result("ada", UNIT, "unclear", note="the grader failed on it (KeyError: 'x'): a person has to look")
    assert ci._verdict(failed, 0).code == ci.GRADER_FAILED
    assert ci._verdict(Result("ada", UNIT, "invalid", note="no notebook"), 0) == ci.Verdict(ci.UNUSABLE, "no notebook")


def test_what_no_xml_and_no_terminal_can_hold_is_written_out(demo, tmp_path):
    message = "a\x00b\x1b[2J\ufffe\ud800\u202e]]>&\n</failure>"
    bad = Result("ada", UNIT, "graded", cells=[{"id": "double-plain", "score": 0, "max_score": 1, "message": message}])
    write_graded(tmp_path / "out", bad, demo_notebook(), "", 0)
    suite = ET.fromstring(said(tmp_path / "out")["junit.xml"]).find("testsuite")
    text = suite.find("testcase/failure").text
    assert text == "a\\x00b\\x1b[2J\\ufffe\\ud800\\u202e]]>&\n</failure>"


@pytest.mark.real_path
def test_a_repository_with_half_of_the_points(handed_in, tmp_path, capsys):
    # two of four automatic points; the written question's two wait for a person
    repository = tmp_path / "repository"
    (repository / "deep").mkdir(parents=True)
    handed_in("ada", HALF).rename(repository / "deep" / "my answers.ipynb")
    nbformat.write(nbformat.v4.new_notebook(), repository / "other.ipynb")
    assert ci.grade_push(repository, tmp_path / "out", 0.51, OPTIONS) == ci.BELOW
    assert f"{UNIT}: 2 of 4 automatic points; 51% are asked for: not enough" in capsys.readouterr().out
    texts = said(tmp_path / "out")
    results = json.loads(texts["results.json"])
    assert results["score"] == 2
    assert {test["name"]: (test["score"], test["status"]) for test in results["tests"]} == {
        "double-plain": (1, "passed"),
        "double-hard": (1, "passed"),
        "double_all-plain": (0, "failed"),
        "double_all-hard": (0, "failed"),
    }
    cases = ET.fromstring(texts["junit.xml"]).find("testsuite").findall("testcase")
    assert [case.get("name") for case in cases] == [*(test["name"] for test in results["tests"]), "written"]
    assert [[child.tag for child in case] for case in cases] == [[], [], ["failure"], ["failure"], ["skipped"]]
    assert "| 0 of 2 | Demo: the plain case: double\\_all(1)" in texts["summary.md"]
    assert "Demo: the plain case" in texts["feedback.html"]
    assert not list(tmp_path.rglob("gradebook.db*"))


RAISES = "    raise AssertionError(str({}))"
# Each gets the hidden test to fail, and shows what it finds of whoever calls.
CURIOUS = {
    "stack": "import inspect\ndef double(x):\n" + RAISES.format("[f.code_context for f in inspect.stack()]"),
    "fails": "def double(x):\n    assert False, x",
    "prints": (
        "import sys, traceback\ndef double(x):\n    traceback.print_stack()\n    frame = sys._getframe()\n"
        "    while frame:\n        print(frame.f_code.co_consts, frame.f_locals)\n        frame = frame.f_back\n"
        "    return x / 0"
    ),
    "history": "def double(x):\n" + RAISES.format("get_ipython().user_ns.get('_ih', 0)"),
    "lines": "import linecache, sys\ndef double(x):\n" + RAISES.format("linecache.cache"),
    "objects": (
        "import gc\nclass Told:\n    def __repr__(self):\n        return str([o for o in gc.get_objects() if "
        "isinstance(o, (dict, list, tuple)) and 'SECRET' in str(o)])[:9999]\n"
        "def double(x):\n    return Told()"
    ),
}
EVIL = "def double(x):\n    raise ValueError('</td><script>x</script> | ![a](http://e) @teacher \\x1b[2J')"


@pytest.mark.real_path
def test_a_class(handed_in, tmp_path, capsys):
    """Right, wrong, curious and unusable ones, in one run."""
    clones, out = tmp_path / "clones", tmp_path / "out"
    answers = {name: RIGHT | {"double": source} for name, source in CURIOUS.items()} | {"ada": RIGHT, "bob": HALF}
    answers["evil"] = RIGHT | {"double": EVIL}
    for student, sources in answers.items():
        (clones / student).mkdir(parents=True)
        handed_in(student, sources).rename(clones / student / "a.ipynb")
    (clones / "cyd").mkdir()
    (clones / "deleted").mkdir()
    (clones / "cyd" / f"{UNIT}.ipynb").write_text("<<<<<<< HEAD")
    students = [*answers, "cyd", "deleted", "large"]
    facts = {name: {"repository": f"class/{name}", "commit": "c0", "problem": ""} for name in students}
    facts["large"]["problem"] = "The repository could not be fetched (it is large)."
    (clones / "class.json").write_text(json.dumps(facts))
    assert ci.grade_pushes(clones, UNIT, out, 0.6, OPTIONS) == 0

    entries = json.loads((out / "class.json").read_text())
    assert list(entries) == students
    states = {name: entry["state"] for name, entry in entries.items()}
    assert (states["ada"], states["bob"], states["stack"]) == ("enough", "not enough", "not enough")
    assert {states[name] for name in ("cyd", "deleted", "large")} == {"unusable"}
    texts = {name: said(out / name) for name in students}
    for name, sentence in {
        "cyd": "is not a Jupyter notebook",
        "deleted": f"There is no notebook of {UNIT} here: was it deleted or renamed?",
        "large": "it is large",
    }.items():
        assert all(sentence in text for text in texts[name].values()), name
        assert 'errors="1"' in texts[name]["junit.xml"]

    # No output has a line of a hidden test.
    outputs = [path.read_text(encoding="utf-8") for path in out.rglob("*.*")] + list(capsys.readouterr())
    hidden = {line for cell in demo_notebook().cells for line in hidden_lines(cell)}
    assert len(hidden) == 4
    assert len(outputs) == 4 * len(students) + 4
    for text in outputs:
        unmarked = html.unescape(re.sub(r"<[^>]*>", "", text))
        for form in (text, unmarked, text.replace("\\", "")):
            assert not [line for line in hidden if line in form]

    # What a stranger's message can do to a page.
    for sign in ("<script>", "![a]", "@teacher", "\x1b"):
        assert sign not in texts["evil"]["summary.md"]
    assert "\x1b" not in texts["evil"]["junit.xml"] + texts["evil"]["results.json"]
    (row,) = [line for line in texts["evil"]["summary.md"].splitlines() if "script" in line]
    assert row.replace("\\|", "").count("|") == 4


@pytest.mark.real_path
def test_a_broken_test_is_not_the_students_fault(handed_in, tmp_path, capsys):
    path = handed_in("ada", RIGHT)
    source = units.source_notebook(UNIT)
    cell = next(cell for cell in source.cells if cell.id == "double")
    cell.source = cell.source.replace("return 2", "return 5")
    nbformat.write(source, units.SOLUTIONS / UNIT / f"{UNIT}.ipynb")
    boxed = [] if OPTIONS.sandbox else ["--no-sandbox"]
    assert main(["ci", str(path), "--out", str(tmp_path / "out"), *boxed]) == ci.GRADER_FAILED
    assert "double" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.real_path
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


def test_a_class_that_was_not_fetched_and_a_unit_that_is_none(demo, tmp_path, capsys):
    asked = ["ci-class", str(tmp_path), "--out", str(tmp_path / "out"), "--unit"]
    assert main([*asked, UNIT]) == ci.GRADER_FAILED
    assert "run python -m autograder.intake.repositories first" in capsys.readouterr().err
    assert main([*asked, ""]) == ci.GRADER_FAILED
    assert f"the units are {UNIT}" in capsys.readouterr().err
