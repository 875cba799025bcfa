"""The images by which networks are judged: a judge has them, and no process in which a student's code runs."""

import os
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.sandbox import outer_wall, sandbox
from course_utils import data
from tests.autograder.demo_course import cell

pytestmark = [
    pytest.mark.real_path,
    pytest.mark.skipif(bool(problem := outer_wall.problem()), reason=f"no sandbox here: {problem}"),
]

# Among all that a process can read, its open files and every file that it can name.
SEARCH = f"""
import os

def search():
    open_files = []
    for number in range(256):
        try:
            if os.fstat(number).st_size == {sandbox.JUDGING_IMAGES.stat().st_size}:
                open_files.append(number)
        except OSError:
            pass
    named = [os.path.join(folder, name) for folder, _, names in os.walk("/") for name in names if name == "judging.npz"]
    return open_files, named, os.path.exists({str(sandbox.JUDGING_IMAGES.parent)!r})

print(search())
"""
FOUND_NOTHING = "([], [], False)\n"
SHOW = "from course_utils import data\nprint(data.load_judging('mnist').targets.tolist())"


def graded_cell(name, source):
    return cell(new_code_cell, name, source, grade=True, locked=True, points=1)


@pytest.fixture(scope="module")
def box():
    box = sandbox.Sandbox(["course_utils.data"])
    yield box
    box.close()


def printed(box, *cells, answers):
    """What each cell of a notebook prints."""
    notebook = new_notebook(cells=list(cells))
    assert box.run(notebook, answers=answers).status == "graded"
    return ["".join(output.text for output in cell.outputs) for cell in notebook.cells]


def hidden_labels():
    with np.load(sandbox.JUDGING_IMAGES) as arrays:
        return arrays["mnist_labels"].tolist()


def test_a_judge_has_them_and_the_answer_finds_nothing(box):
    cells = new_code_cell(SEARCH), graded_cell("task-here", f"{SHOW}\nprint(search())"), graded_cell("task-too", SHOW)
    for _ in range(2):  # also for the second submission of a worker
        here, judge, other_judge = printed(box, *cells, answers={"task-here": ["search"], "task-too": []})
        assert here == FOUND_NOTHING
        # The first line comes from the judge, the second from the student's process, which it asks to search.
        assert judge == f"{hidden_labels()}\n{FOUND_NOTHING}"
        assert other_judge == f"{hidden_labels()}\n"


def test_a_student_s_own_cell_has_the_bundled_ones(box):
    (here,) = printed(box, new_code_cell(SHOW), answers={})
    assert here == f"{data.load('mnist', 'test').targets.tolist()}\n"


def test_the_worker_alone_holds_the_file(box):
    """Its template, of which the students' processes are forks, does not."""
    if box._process is None:
        box.start()
    below = {box._process.pid}
    for _ in range(10):  # the processes lie so deep, at most
        below |= {int(entry.name) for entry in Path("/proc").glob("[0-9]*") if parent_of(entry) in below}
    held = [pid for pid in below for number in Path(f"/proc/{pid}/fd").glob("*") if is_the_file(number)]
    assert len(below) > 5
    assert len(held) == 1


def parent_of(process):
    try:
        return int((process / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:  # it is gone
        return 0


def is_the_file(number):
    try:
        return os.path.samestat(number.stat(), sandbox.JUDGING_IMAGES.stat())
    except OSError:
        return False


def test_without_the_file_the_bundled_images_serve(monkeypatch, tmp_path):
    monkeypatch.setattr(sandbox, "JUDGING_IMAGES", tmp_path / "judging.npz")
    box = sandbox.Sandbox(["course_utils.data"])
    try:
        (judged,) = printed(box, graded_cell("task", SHOW), answers={"task": []})
    finally:
        box.close()
    assert judged == f"{data.load('mnist', 'test').targets.tolist()}\n"


def test_no_box_sees_the_file():
    command = outer_wall.command()
    bound = {Path(after) for word, after in pairwise(command) if word.endswith("bind")}
    assert outer_wall.ROOT / "course_utils" in bound
    assert not bound & {sandbox.JUDGING_IMAGES, *sandbox.JUDGING_IMAGES.parents}
