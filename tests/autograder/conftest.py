"""The demo course in place of the real one."""

import sys

import nbformat
import pytest
import torch

from autograder.bank import sample_class
from autograder.course import units
from autograder.course.addresses import database_at
from autograder.release.notebooks import generate
from tests.autograder import postgres
from tests.autograder.demo_course import RIGHT, UNIT, demo_notebook

# At its first backward pass PyTorch starts threads for all devices, also for those that `torch.export` makes up, and
# from then on no fork of this process could go backward. Now, before any test runs, there are none.
torch.ones(1, requires_grad=True).sum().backward()


@pytest.fixture
def demo(tmp_path, monkeypatch):
    """The demo course in place of the real one; returns its folder."""
    root = tmp_path / "course"
    (root / "solutions" / UNIT / "figures").mkdir(parents=True)
    notebook = demo_notebook()
    notebook.cells[0].source += "\n\n![A drawn figure](figures/plot.svg)"
    nbformat.write(notebook, root / "solutions" / UNIT / f"{UNIT}.ipynb")
    (root / "solutions" / UNIT / "figures" / "plot.svg").write_text("<svg/>")
    for name, source in RIGHT.items():
        bank = root / "answers" / UNIT / name
        bank.mkdir(parents=True)
        (bank / "right-plain.py").write_text(source)
        (bank / "wrong-identity.py").write_text(f"# gives back what came\ndef {name}(x):\n    return x\n")
    # The bank's interpreter puts itself in the place of the running program.
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    monkeypatch.setattr(units, "SOLUTIONS", root / "solutions")
    monkeypatch.setattr(units, "ANSWERS", root / "answers")
    return root


@pytest.fixture
def handed_in(demo, tmp_path):
    """A function that writes a student's notebook; without sources it is the untouched one."""
    generate(tmp_path / "released")
    released = nbformat.read(tmp_path / "released" / UNIT / f"{UNIT}.ipynb", as_version=4)
    submitted = tmp_path / "submitted"
    submitted.mkdir()

    def write(student: str, sources: dict[str, str], change=lambda notebook: None):
        notebook = sample_class.answer(released, sources)
        change(notebook)
        path = submitted / student / UNIT / f"{UNIT}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, path)
        return path

    write.submitted = submitted
    return write


@pytest.fixture(scope="session")
def server():
    """A PostgreSQL server of the tests' own."""
    if postgres.programs() is None:
        pytest.skip("no PostgreSQL server is installed here (Debian: postgresql)")
    server = postgres.Server()
    yield server
    server.remove()


@pytest.fixture(params=["a file", "a server"])
def either_database(request, tmp_path):
    """Where no gradebook is yet: once in a file, once on a server."""
    if request.param == "a file":
        return tmp_path / "shared.db"
    return database_at(request.getfixturevalue("server").new_database(), tmp_path)
