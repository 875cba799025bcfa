"""A released notebook works alone: its figures are in it, what others left is not, and it installs the course."""

import base64
import itertools
import os
import subprocess
import sys
import sysconfig
import tomllib
import venv

import nbformat
import pytest
from IPython.core.inputtransformer2 import TransformerManager
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder import ROOT
from autograder.course import units
from autograder.release.standing_alone import INSTALL, MAX_BYTES, embed_figures, install_cell, strip
from autograder.release.students_zip import students_zip

KERNEL = {"name": "python3", "display_name": "Python 3"}
RELEASED = sorted(units.RELEASE.glob("*/*.ipynb"))


def test_a_figure_stands_in_the_text_that_shows_it(tmp_path):
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "a.svg").write_bytes(b"<svg>\r\n</svg>")
    (tmp_path / "figures" / "b.png").write_bytes(b"\0png")
    text = "One ![words](figures/a.svg), two ![more](figures/b.png), [a link](figures/a.svg)."
    notebook = new_notebook(cells=[new_markdown_cell(text), new_code_cell("'![code](figures/a.svg)'")])
    embed_figures(notebook, tmp_path)
    svg, png = (base64.b64encode(content).decode() for content in (b"<svg>\n</svg>", b"\0png"))
    expected = f"One ![words](data:image/svg+xml;base64,{svg}), two ![more](data:image/png;base64,{png}), "
    assert notebook.cells[0].source == expected + "[a link](figures/a.svg)."
    assert notebook.cells[1].source == "'![code](figures/a.svg)'"


def test_a_missing_figure_and_one_that_is_too_large_are_named(tmp_path):
    notebook = new_notebook(cells=[new_markdown_cell("![words](figures/a.svg)")])
    with pytest.raises(ValueError, match=r"figures/a\.svg is missing in .*: put the file there"):
        embed_figures(notebook, tmp_path)
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "a.svg").write_bytes(b"x" * MAX_BYTES)
    with pytest.raises(ValueError, match=r"has 2,666,\d+ characters with its figures, 2,000,000 at most"):
        embed_figures(notebook, tmp_path)


def test_what_programs_left_is_stripped():
    cell = new_code_cell(
        "1",
        metadata={
            "tags": ["a"],
            "execution": {"iopub.status.busy": "2026-01-01T00:00:00Z"},
            "collapsed": True,
            "course": {"seconds": 9},
        },
    )
    language = {"name": "python", "version": "3.11.2"}
    metadata = {"widgets": {"application/vnd.jupyter.widget-state+json": {}}, "language_info": language, "colab": {}}
    notebook = new_notebook(cells=[cell], metadata=metadata | {"kernelspec": KERNEL})
    strip(notebook)
    assert notebook.metadata == {"language_info": {"name": "python"}, "kernelspec": KERNEL}
    assert cell.metadata == {"tags": ["a"], "course": {"seconds": 9}}


@pytest.mark.parametrize("path", RELEASED, ids=lambda path: path.stem)
def test_every_released_notebook_needs_no_other_file(path):
    notebook = nbformat.read(path, as_version=4)
    assert [entry.name for entry in path.parent.iterdir() if not entry.name.startswith(".")] == [path.name]
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert path.stat().st_size < MAX_BYTES
    assert not [cell.id for cell in notebook.cells if "](figures/" in cell.source]
    first = next(cell for cell in notebook.cells if cell.cell_type == "code")
    assert first.id == INSTALL
    assert first.source.startswith("# Installs the course where it is missing")


def test_the_install_cell_does_nothing_where_the_course_is():
    for address in ("", "https://example.org/convnet-course.zip"):
        exec(TransformerManager().transform_cell(install_cell(address).source), {})


def test_without_an_address_it_says_what_to_do():
    source = install_cell("").source.replace("course_utils", "course_utils_that_is_not_there")
    with pytest.raises(ModuleNotFoundError, match="the course is not installed here: see its README"):
        exec(source, {})


@pytest.mark.real_path
def test_the_install_cell_brings_the_course_where_it_is_missing(tmp_path):
    """A second environment has everything but the course, as Colab; pip takes the students' zip there."""
    venv.create(tmp_path / "env", with_pip=False)
    python = tmp_path / "env" / ("Scripts" if os.name == "nt" else "bin") / "python"
    ask = [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    site = subprocess.run(ask, capture_output=True, text=True, check=True).stdout.strip()
    with open(os.path.join(site, "all-but-the-course.pth"), "w") as file:
        file.write(sysconfig.get_path("purelib"))  # its own .pth files, where the course would stand, are not read
    archive = tmp_path / "convnet-course.zip"
    archive.write_bytes(students_zip())
    program = f"""
import importlib.util
from IPython.core.interactiveshell import InteractiveShell
assert importlib.util.find_spec("course_utils") is None
InteractiveShell.instance().run_cell({install_cell(archive.as_uri()).source!r}).raise_error()
from course_utils import data
print(len(data.load("mnist", "test")), data.__file__)
"""
    # What pip builds the package with is there too: nothing is downloaded.
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"} | {
        "PIP_NO_BUILD_ISOLATION": "0"
    }
    done = subprocess.run([python, "-c", program], cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{tmp_path}" in done.stdout.splitlines()[-1]


def test_the_package_names_what_notebooks_and_library_import():
    declared = set(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"])
    notebooks = [units.source_notebook(unit) for unit in units.unit_names()]
    for cell in itertools.chain.from_iterable(notebook.cells for notebook in notebooks):
        cell.metadata.pop("tags", None)  # demonstrations too
    imported = set().union(*map(units.modules_to_load, notebooks))
    packages = {name.partition(".")[0] for name in imported} - sys.stdlib_module_names - {"course_utils"}
    assert {{"sklearn": "scikit-learn", "PIL": "pillow"}.get(name, name) for name in packages} <= declared
