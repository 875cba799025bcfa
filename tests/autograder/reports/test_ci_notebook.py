"""Which notebook of a repository is graded, and the sentence where there is none."""

import time

import nbformat
import pytest

from autograder.grading.handed_in import MAX_BYTES
from autograder.reports import ci_notebook
from autograder.reports.ci_notebook import UnusableError, find_notebook
from tests.autograder.demo_course import UNIT, demo_notebook

POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"


@pytest.fixture
def repository(demo, tmp_path):
    """A repository with one notebook of the demo course."""
    folder = tmp_path / "repository"
    (folder / "deep").mkdir(parents=True)
    nbformat.write(demo_notebook(), folder / "deep" / "mine.ipynb")
    return folder


def refusal(place, unit=""):
    with pytest.raises(UnusableError) as caught:
        find_notebook(place, unit)
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("gone.ipynb", None, "There is no file gone.ipynb: was the notebook deleted or renamed?"),
        ("pointer.ipynb", POINTER, "pointer.ipynb cannot be graded: it is a pointer of Git LFS"),
        ("large.ipynb", b" " * (MAX_BYTES + 1), "large.ipynb has 20 MB, more than 20 MB: clear its outputs."),
        ("notes.ipynb", b"{}", "it has no graded cell of any unit, and its name is no unit's"),
        ("empty.ipynb", b"", "it has no graded cell of any unit, and its name is no unit's"),
    ],
)
def test_a_file_that_cannot_be_graded(demo, tmp_path, name, content, sentence):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    assert sentence in refusal(tmp_path / name)


def test_the_one_notebook_of_the_course_is_found_at_any_depth(repository):
    content = (repository / "deep" / "mine.ipynb").read_bytes()
    nbformat.write(nbformat.v4.new_notebook(), repository / "other.ipynb")
    for aside in ("notebooks", ".ipynb_checkpoints", "backups", ".released"):
        (repository / aside).mkdir()
        (repository / aside / f"{UNIT}.ipynb").write_bytes(content + b" ")
    (repository / "link.ipynb").symlink_to(repository / "deep" / "mine.ipynb")
    assert find_notebook(repository) == (content, UNIT)


def test_the_release_counts_where_there_is_no_other(repository):
    (repository / "deep").rename(repository / "notebooks")
    assert find_notebook(repository)[1] == UNIT


def test_two_of_one_unit_are_named_and_another_units_do_not_count(repository):
    nbformat.write(demo_notebook(), repository / "again.ipynb")
    assert f"2 notebooks of {UNIT} are there (again.ipynb, deep/mine.ipynb)" in refusal(repository, UNIT)
    assert refusal(repository, "01-other").startswith("There is no notebook of 01-other here: was it deleted")


def test_a_pointer_in_a_repository_is_said(repository):
    (repository / "deep" / "mine.ipynb").write_bytes(POINTER)
    assert "There is no notebook of the course here" in refusal(repository)
    assert "mine.ipynb cannot be graded: it is a pointer of Git LFS" in refusal(repository)


def test_a_gigabyte_beside_the_notebook_and_in_git_is_not_read(repository):
    packs = repository / ".git" / "objects" / "pack"
    packs.mkdir(parents=True)
    for path in (packs / "large.pack", repository / "data.bin"):
        with path.open("wb") as file:
            file.truncate(1_000_000_000)
    for number in range(3000):
        (packs / f"{number}.ipynb").touch()
    start = time.process_time()
    assert find_notebook(repository)[1] == UNIT
    assert time.process_time() - start < 2


def test_a_gigabyte_of_notebooks_or_of_files_is_a_sentence(repository, monkeypatch):
    for number in range(50):
        with (repository / f"{number}.ipynb").open("wb") as file:
            file.truncate(MAX_BYTES)
    start = time.process_time()
    assert "51 notebooks with 1000 MB; 200 and 100 MB are looked at" in refusal(repository)
    assert time.process_time() - start < 2
    monkeypatch.setattr(ci_notebook, "MOST_FILES", 50)
    assert "more than 50 files" in refusal(repository)
