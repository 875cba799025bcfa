"""The Validate button's request to a real Jupyter server, set up as `course_utils.lab` sets it up."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import nbformat
import nbgrader
import pytest

from autograder import ROOT
from autograder.bank.sample_class import answer
from autograder.course import units
from autograder.course.exercises import exercises_of
from course_utils.lab import CONFIG

pytestmark = pytest.mark.real_path

UNIT = "01-convolution"
BANK = units.ANSWERS / UNIT
TITLES = ["By hand", "Cross-correlation", "Padding, stride, dilation", "Channels", "Counting parameters", "Pooling"]
TITLES = [
    f"Exercise {n} · {title}"
    for n, title in enumerate([*TITLES, "One matrix product", "Learn a kernel", "The way back"], 1)
]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The address of a server in a folder with a unit as released; it ends with the tests."""
    folder = tmp_path_factory.mktemp("work")
    shutil.copytree(units.RELEASE / UNIT, folder / UNIT)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = {"root_dir": folder, "port": port, "port_retries": 0, "open_browser": False, "allow_root": True}
    command = [
        sys.executable,
        "-m",
        "jupyter_server",
        *(f"--ServerApp.{key}={value}" for key, value in options.items()),
    ]
    environment = os.environ | {"JUPYTER_CONFIG_PATH": str(CONFIG), "PYTHONPATH": str(ROOT), "JUPYTER_TOKEN": "t"}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        address = f"http://127.0.0.1:{port}"
        for _ in range(120):
            try:
                ask(address, "/api/status")
                break
            except urllib.error.URLError:
                time.sleep(0.5)
        yield address, folder
        process.terminate()


def ask(address, place, **body):
    data = json.dumps(body).encode() if body else None
    request = urllib.request.Request(address + place, data, {"Authorization": "token t"})
    with urllib.request.urlopen(request, timeout=300) as answer:
        return json.load(answer)


def validate(server, sources, written="Learned kernels may be flipped or not."):
    """What the dialog is told of the unit with these answers: a TODO cell's `grade_id` -> its code."""
    address, folder = server
    notebook = answer(nbformat.read(units.RELEASE / UNIT / f"{UNIT}.ipynb", as_version=4), sources)
    [words] = [cell for cell in notebook.cells if cell.id == "written"]
    words.source = written
    nbformat.write(notebook, folder / UNIT / f"{UNIT}.ipynb")
    told = ask(address, "/assignments/validate", path=f"{UNIT}/{UNIT}.ipynb")
    assert told["success"], told["value"]
    return told["value"]


def test_a_wrong_answer_says_what_its_check_says(server):
    """And not one word of the eight that are not written, but that they are not."""
    wrong = (BANK / "corr2d" / "wrong-flipped.py").read_text(encoding="utf-8")
    summary, square, other = validate(server, {"corr2d": wrong})["failed"]
    assert summary["source"] == "8 of 10 exercises are not written yet"
    assert summary["raw_error"].splitlines() == [TITLES[0], *TITLES[2:]]
    assert square["source"] == "Exercise 2 · Cross-correlation\nLooks at: square pictures and square kernels"
    assert other["source"].startswith("Exercise 2 · Cross-correlation\nLooks at: ")
    for entry in (square, other):
        assert entry["raw_error"].startswith("Not yet: corr2d")
        assert "flipped kernel" in entry["error"]
        assert entry["raw_error"].splitlines()[-1] == "Stuck? Open hint 1 above: a nudge"
        assert "Traceback" not in entry["raw_error"]


def test_of_a_solved_notebook_only_the_answer_in_words_is_left(server):
    source = units.source_notebook(UNIT)
    solved = {e.name: source.cells[e.task].source for e in exercises_of(source)}
    [entry] = validate(server, solved, written="YOUR ANSWER HERE")["failed"]
    assert (entry["source"], entry["raw_error"]) == ("1 of 10 exercises is not written yet", "In words")


def test_a_file_outside_of_the_folder_is_refused(server):
    with pytest.raises(urllib.error.HTTPError, match="403"):
        ask(server[0], "/assignments/validate", path="../outside.ipynb")


def test_the_version_that_the_dialog_asks_first_is_nbgraders(server):
    assert ask(server[0], f"/nbgrader_version?version={nbgrader.__version__}") == {"success": True}
