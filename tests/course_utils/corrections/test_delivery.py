"""Today's release in a student's folder: nothing lost, nothing half, nothing twice."""

import errno
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils import files
from course_utils.corrections import delivery
from course_utils.corrections.delivery import deliver
from tests.course_utils.corrections.small_unit import ANSWER, at, changed, released_again, run, texts, unit
from tests.course_utils.corrections.test_merging import releases, students

BASE = unit("double", "triple")
NEW = released_again(BASE, title="# A better title", double_plain="assert double(2) == 4")
BEGUN = run(changed(BASE, double_task=ANSWER.format("double")))


@pytest.fixture
def course(tmp_path):
    return Course(tmp_path)


class Course:
    """A course's folder with one unit, as a student has it."""

    def __init__(self, root: Path):
        self.release, self.work = root / "notebooks", root / "work"
        self.put(self.release, BASE)
        self.put(self.release, b"<svg>old</svg>", "figures/a.svg")

    def put(self, folder: Path, content: bytes | nbformat.NotebookNode, name: str = "01.ipynb") -> Path:
        path = folder / "01" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        is_bytes = isinstance(content, bytes)
        path.write_bytes(content if is_bytes else (nbformat.writes(content).rstrip("\n") + "\n").encode())
        return path

    def deliver(self) -> list[str]:
        return deliver(self.release, self.work)

    def read(self, name: str = "01.ipynb") -> nbformat.NotebookNode:
        return nbformat.reads((self.work / "01" / name).read_text(encoding="utf-8"), as_version=4)

    def backups(self) -> dict[str, bytes]:
        found = (path for path in (self.work / "backups").rglob("*") if path.is_file())
        return {path.relative_to(self.work / "backups").as_posix(): path.read_bytes() for path in found}

    def everything(self) -> dict[str, tuple[bytes, int]]:
        found = (path for path in self.work.rglob("*") if path.is_file() and path.name != ".lock")
        return {path.relative_to(self.work).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns) for path in found}

    def quiet(self) -> bool:
        """Whether one more run says and changes nothing."""
        before = self.everything()
        return not self.deliver() and self.everything() == before


class TestUntouched:
    def test_the_first_time_everything_is_copied(self, course):
        assert course.deliver() == ["work/: 2 new files"]
        assert course.read() == BASE
        assert course.quiet()

    def test_a_file_that_nobody_touched_is_replaced(self, course):
        course.deliver()
        course.put(course.release, NEW)
        course.put(course.release, b"<svg>new</svg>", "figures/a.svg")
        assert course.deliver() == ["work/: 2 files that you had not changed are replaced by their corrections"]
        assert (course.work / "01" / "01.ipynb").read_bytes() == (course.release / "01" / "01.ipynb").read_bytes()
        assert (course.work / "01" / "figures" / "a.svg").read_bytes() == b"<svg>new</svg>"
        assert course.backups() == {}
        assert course.quiet()

    @pytest.mark.parametrize("how", ["saved anew", "line ends"])
    def test_what_a_program_does_to_a_file_is_no_touch(self, course, how):
        course.deliver()
        content = (course.work / "01" / "01.ipynb").read_bytes()
        if how == "line ends":
            course.put(course.work, content.replace(b"\n", b"\r\n"))
        else:
            saved = course.read()
            saved.metadata["language_info"] = {"name": "python", "version": "3.13"}
            at(saved, "double-task").metadata["scrolled"] = True
            course.put(course.work, saved)
        course.put(course.release, NEW)
        assert "not changed is replaced" in course.deliver()[0]
        assert texts(course.read()) == texts(NEW)

    def test_a_new_unit_and_a_new_file_arrive(self, course):
        course.deliver()
        course.put(course.release, b"new", "figures/b.svg")
        course.put(course.release / "..", BASE)
        assert course.deliver() == ["work/: 1 new file"]

    def test_a_renamed_notebook_leaves_room_for_a_fresh_one(self, course):
        course.deliver()
        course.put(course.work, BEGUN).rename(course.work / "01" / "mine.ipynb")
        course.put(course.release, NEW)
        assert course.deliver() == ["work/: 1 new file"]
        assert (texts(course.read()), texts(course.read("mine.ipynb"))) == (texts(NEW), texts(BEGUN))

    def test_hidden_folders_are_left_out(self, course):
        course.put(course.release, b"old", ".ipynb_checkpoints/01.ipynb")
        course.deliver()
        assert not (course.work / "01" / ".ipynb_checkpoints").exists()

    @pytest.mark.skipif(os.name == "nt", reason="links need special rights on Windows")
    def test_a_students_dangling_link_stays(self, course):
        (course.work / "01").mkdir(parents=True)
        (course.work / "01" / "01.ipynb").symlink_to("nowhere")
        course.deliver()
        assert (course.work / "01" / "01.ipynb").is_symlink()


class TestBegun:
    def test_a_begun_notebook_is_corrected_after_a_back_up_and_said_to_be(self, course):
        course.deliver()
        mine = course.put(course.work, BEGUN).read_bytes()
        course.put(course.release, NEW)
        said = course.deliver()
        [(name, content)] = course.backups().items()
        assert said == [
            f"work/01/01.ipynb is corrected; as you had it: work/backups/{name}",
            "    corrected text in: A better title",
            "    tests as they are now: double",
        ]
        assert (content, name.partition("/")[2]) == (mine, "01/01.ipynb")
        assert texts(course.read()) == texts(changed(NEW, double_task=ANSWER.format("double")))
        assert course.quiet()

    def test_without_the_release_that_it_came_from(self, course):
        mine = course.put(course.work, BEGUN).read_bytes()
        course.put(course.release, NEW)
        course.deliver()
        assert [*course.backups().values()] == [mine]
        assert at(course.read(), "double-task").source == ANSWER.format("double")
        assert at(course.read(), "double-plain").source == "assert double(2) == 4"
        assert course.quiet()

    def test_what_is_todays_already_is_noted_and_nothing_said(self, course):
        course.put(course.work, BASE)
        course.put(course.work, b"<svg>old</svg>\r\n", "figures/a.svg")
        course.put(course.release, b"<svg>old</svg>\n", "figures/a.svg")
        assert course.deliver() == []
        course.put(course.release, NEW)
        assert "not changed is replaced" in course.deliver()[0]

    def test_a_second_correction_goes_on_from_the_first(self, course):
        course.deliver()
        course.put(course.work, BEGUN)
        course.put(course.release, NEW)
        course.deliver()
        course.put(course.release, released_again(NEW, title="# The best title"))
        assert course.deliver()[1] == "    corrected text in: The best title"
        assert texts(course.read())[0] == "# The best title"
        assert len(course.backups()) == 2

    def test_a_correction_that_an_open_editor_wrote_over_comes_back(self, course):
        course.deliver()
        course.put(course.work, BEGUN)
        course.put(course.release, NEW)
        course.deliver()
        course.put(course.work, changed(BEGUN, double_task="# more"))  # saved by *Overwrite*
        assert "is corrected" in course.deliver()[0]
        assert texts(course.read()) == texts(changed(NEW, double_task="# more"))
        assert course.quiet()

    def test_what_a_student_changes_or_deletes_after_a_correction_stays_so(self, course):
        course.deliver()
        course.put(course.work, BEGUN)
        course.put(course.release, NEW)
        course.deliver()
        mine = changed(course.read(), title="# My title", imports="import os")
        mine.cells = [cell for cell in mine.cells if cell.id != "triple-check"]
        course.put(course.work, mine)
        assert course.quiet()

    @pytest.mark.parametrize("content", [b"{ broken", b"\xff\xfe", b'{"cells": 3}', b""])
    def test_what_is_no_notebook_stays_and_is_said(self, course, content):
        course.deliver()
        course.put(course.work, content)
        course.put(course.release, NEW)
        [said] = course.deliver()
        assert said.startswith("work/01/01.ipynb is not a notebook that can be read and stays as it is")
        assert (course.work / "01" / "01.ipynb").read_bytes() == content
        course.put(course.work, BEGUN)  # mended
        assert "is corrected" in course.deliver()[0]

    def test_a_read_only_file_stays_and_is_said(self, course):
        course.deliver()
        path = course.put(course.work, BEGUN)
        path.chmod(0o444)
        course.put(course.release, NEW)
        [said] = course.deliver()
        assert said == ("work/01/01.ipynb is read-only and stays as it is; its correction is in notebooks/01/01.ipynb")
        assert texts(course.read()) == texts(BEGUN)
        path.chmod(0o644)


class TestFigures:
    def test_a_changed_figure_stays_beside_the_new_one(self, course):
        course.deliver()
        course.put(course.work, b"<svg>mine</svg>", "figures/a.svg")
        course.put(course.release, b"<svg>new</svg>", "figures/a.svg")
        [said] = course.deliver()
        assert said == "work/01/figures/a.svg is replaced by its correction; yours is beside it, as a-yours.svg"
        assert (course.work / "01" / "figures" / "a-yours.svg").read_bytes() == b"<svg>mine</svg>"
        course.put(course.work, b"<svg>mine too</svg>", "figures/a.svg")
        course.put(course.release, b"<svg>newer</svg>", "figures/a.svg")
        course.deliver()
        assert (course.work / "01" / "figures" / "a-yours2.svg").read_bytes() == b"<svg>mine too</svg>"
        assert course.quiet()

    def test_a_figure_of_which_nothing_is_known_is_backed_up(self, course):
        course.put(course.work, b"<svg>older</svg>", "figures/a.svg")
        assert course.deliver() == [
            "work/: 1 new file",
            "work/: 1 file is replaced by its correction; as it was, it is in work/backups/",
        ]
        assert [*course.backups().values()] == [b"<svg>older</svg>"]
        assert course.quiet()

    def test_a_figure_that_no_notebook_names_any_more_goes(self, course):
        course.deliver()
        (course.release / "01" / "figures" / "a.svg").unlink()
        assert course.deliver() == ["work/: 1 file that no chapter needs any more and you had not changed is gone"]
        assert not (course.work / "01" / "figures").exists()
        assert course.quiet()

    def test_but_stays_for_a_notebook_of_the_students(self, course):
        course.deliver()
        course.put(course.work, changed(BASE, title="![a](figures/a.svg)"), "mine.ipynb")
        (course.release / "01" / "figures" / "a.svg").unlink()
        assert course.deliver() == []
        (course.work / "01" / "mine.ipynb").unlink()
        assert "is gone" in course.deliver()[0]

    def test_and_stays_if_the_student_changed_it(self, course):
        course.deliver()
        course.put(course.work, b"<svg>mine</svg>", "figures/a.svg")
        (course.release / "01" / "figures" / "a.svg").unlink()
        [said] = course.deliver()
        assert said == "work/01/figures/a.svg is no longer part of the course; you changed it, so it stays"
        assert (course.work / "01" / "figures" / "a.svg").read_bytes() == b"<svg>mine</svg>"
        assert course.quiet()


class TestInterrupted:
    def test_at_every_write_and_rename_nothing_is_lost_and_the_next_run_ends_it(self, tmp_path, monkeypatch):
        """The process ends right before or right after the n-th file gets its name, for every n."""
        replace, ended = os.replace, []
        for n in range(40):
            course = Course(tmp_path / str(n))
            course.deliver()
            mine = course.put(course.work, BEGUN).read_bytes()
            course.put(course.work, b"<svg>mine</svg>", "figures/a.svg")
            course.put(course.release, NEW)
            course.put(course.release, b"<svg>new</svg>", "figures/a.svg")
            left = [n // 2]

            def ends(source, target, n=n, left=left):
                if left[0] == 0 and n % 2 == 0:
                    raise KeyboardInterrupt
                replace(source, target)
                if left[0] == 0:
                    raise KeyboardInterrupt
                left[0] -= 1

            with monkeypatch.context() as patch:
                patch.setattr(files.os, "replace", ends)
                patch.setattr(files.os, "unlink", lambda path: None)  # killed: nothing is tidied up
                try:
                    course.deliver()
                    break
                except KeyboardInterrupt:
                    ended.append(n)
            there = {content for content, _ in course.everything().values()}
            assert {mine, b"<svg>mine</svg>"} <= there
            course.deliver()
            assert texts(course.read()) == texts(changed(NEW, double_task=ANSWER.format("double")))
            assert [*course.backups().values()] == [mine]
            assert {path.name for path in (course.work / "01" / "figures").iterdir()} == {"a.svg", "a-yours.svg"}
            assert not [path for path in (course.work / "01").rglob(".*")]
            assert course.quiet()
        # The back-up, the notebook, the figure beside, the figure, and what was given of each, now and before.
        assert len(ended) == 2 * 8

    @pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
    def test_killed_at_drawn_moments(self, tmp_path):
        course, moments = Course(tmp_path), random.Random(0)
        course.deliver()
        for number in range(40):
            mine = changed(BASE, double_task=f"# answer {number}")
            course.put(course.work, mine)
            course.put(course.release, released_again(BASE, title=f"# Release {number}"))
            process = os.fork()
            if process == 0:
                course.deliver()
                os._exit(0)
            time.sleep(moments.uniform(0, 0.03))
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
            assert at(course.read(), "double-task").source == f"# answer {number}"
            course.deliver()
            assert at(course.read(), "double-task").source == f"# answer {number}"
            assert at(course.read(), "title").source == f"# Release {number}"
        assert course.quiet()

    def test_a_full_disk_leaves_each_file_as_it_was(self, course, monkeypatch):
        course.deliver()
        course.put(course.work, BEGUN)
        course.put(course.release, NEW)
        before = course.everything()

        def full(*arguments, **settings):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        with monkeypatch.context() as patch:
            patch.setattr(files.tempfile, "mkstemp", full)
            [said] = course.deliver()
        assert said == ("work/01/01.ipynb is as it was; its correction did not arrive (No space left on device)")
        assert course.everything() == before
        assert "is corrected" in course.deliver()[0]

    def test_a_fault_of_ours_hinders_no_other_file(self, course, monkeypatch):
        course.deliver()
        course.put(course.work, BEGUN)
        course.put(course.release, NEW)
        course.put(course.release, b"<svg>new</svg>", "figures/a.svg")
        with monkeypatch.context() as patch:
            patch.setattr(delivery, "merge", lambda *notebooks: notebooks[3])
            said = course.deliver()
        assert "1 file that you had not changed is replaced" in said[0]
        assert "did not arrive (IndexError: tuple index out of range): tell your instructor" in said[1]
        assert texts(course.read()) == texts(BEGUN)

    def test_a_drive_without_locks_is_no_hindrance(self, course, monkeypatch):
        def none(*arguments, **settings):
            raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

        monkeypatch.setattr(files, "_lock", none)
        assert course.deliver() == ["work/: 2 new files"]

    def test_a_notebook_saved_meanwhile_stays(self, course, monkeypatch):
        course.deliver()
        course.put(course.work, BEGUN)
        course.put(course.release, NEW)
        later = changed(BASE, double_task="# saved this moment")

        def merge_slowly(*arguments):
            course.put(course.work, later)
            return merge(*arguments)

        merge = delivery.merge
        with monkeypatch.context() as patch:
            patch.setattr(delivery, "merge", merge_slowly)
            [said] = course.deliver()
        assert "was saved at this moment" in said
        assert texts(course.read()) == texts(later)
        assert "is corrected" in course.deliver()[0]

    @pytest.mark.real_path
    def test_two_at_once_are_as_one(self, course):
        course.deliver()
        mine = course.put(course.work, BEGUN).read_bytes()
        course.put(course.release, NEW)
        code = "import sys, pathlib; from course_utils.corrections.delivery import deliver\n"
        code += "print(*deliver(*map(pathlib.Path, sys.argv[1:])), sep='\\n')"
        command = [sys.executable, "-c", code, str(course.release), str(course.work)]
        processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
        said = [process.communicate()[0] for process in processes]
        assert sum("is corrected" in one for one in said) == 1
        assert [*course.backups().values()] == [mine]
        assert course.quiet()


@pytest.mark.filterwarnings("ignore::nbformat.warnings.MissingIDFieldWarning")
@settings(max_examples=60, deadline=None)
@given(theirs=students(), new=releases(), known=st.booleans())
def test_no_drawn_change_loses_anything(tmp_path_factory, theirs, new, known):
    """Each of the student's texts is in the notebook or the back-up, and the second run is none."""
    course = Course(tmp_path_factory.mktemp("course"))
    if known:
        course.deliver()
    mine = course.put(course.work, theirs).read_bytes()
    course.put(course.release, new)
    said = course.deliver()
    # Nothing was written by the student in what is gone without a back-up.
    kept = (course.work / "01" / "01.ipynb").read_bytes() == mine or mine in course.backups().values()
    assert kept or texts(theirs) == texts(BASE)
    assert course.quiet() or f"work/01/01.ipynb stays as it is: {delivery.LOST}" in said
