"""Rules that hold for every notebook of the course, read from the files."""

import re
from collections import Counter

import nbformat
import pytest

from autograder.course import units
from autograder.course.cells import is_autograded, is_long_check, nbgrader_tag
from autograder.course.exercises import WRITTEN, exercises_of
from autograder.course.limits import own_seconds, place_of

UNITS = units.unit_names()
MACHINE_PATHS = re.compile(r"/(home|root|Users|tmp)/|[A-Z]:\\\\Users")


@pytest.fixture(params=UNITS)
def notebook(request):
    return units.source_notebook(request.param)


def test_the_course_has_units():
    assert [unit[:2] for unit in UNITS] == [f"{number:02}" for number in range(1, 9)]


def test_the_format_is_valid_and_ids_are_unique(notebook):
    nbformat.validate(notebook)
    ids = Counter(cell.id for cell in notebook.cells)
    assert [name for name, count in ids.items() if count > 1] == []


def test_every_exercise_has_two_graded_cells(notebook):
    for exercise in exercises_of(notebook):
        assert len(exercise.graded) >= 2, exercise.name


def test_each_graded_cell_checks_something_in_sight_and_something_hidden(notebook):
    for cell in filter(is_autograded, notebook.cells):
        visible, marker, hidden = cell.source.partition("### BEGIN HIDDEN TESTS")
        assert re.search(r"\bassert |check_\w+\(|raise _?CheckError|unchanged\(", visible), (
            f"{cell.id}: nothing visible is checked"
        )
        assert marker, f"{cell.id}: no hidden tests"
        assert re.search(r"\bassert |check_\w+\(|raise _?CheckError|unchanged\(", hidden), (
            f"{cell.id}: nothing hidden is checked"
        )


def test_a_limit_of_a_cells_own_is_said_before_the_cell(notebook, request):
    """And the released notebook has it, since Validate reads it there."""
    unit = request.node.callspec.params["notebook"]
    released = nbformat.read(units.RELEASE / unit / f"{unit}.ipynb", as_version=4)
    limits = own_seconds(notebook)
    assert own_seconds(released) == limits
    for version in (notebook, released):
        text = ""
        for cell in version.cells:
            text = cell.source if cell.cell_type == "markdown" else text
            if place_of(cell) in limits:
                assert f"{limits[place_of(cell)]} seconds of computing time" in text, cell.id


def test_a_cell_that_trains_has_a_limit_and_prints_how_much_it_used(notebook):
    """Who trains shows a progress bar; clock, metadata and, by the test above, the text say the same limit."""
    limits = own_seconds(notebook)
    for cell in notebook.cells:
        if cell.cell_type != "code" or is_autograded(cell):
            continue
        printed = "".join(str(output.get("text", "")) for output in cell.outputs)
        clocks = [
            float(limit) for limit in re.findall(r"^clock = ComputingTime\(limit=(\d+)\)$", cell.source, re.MULTILINE)
        ]
        expected = [limits[place_of(cell)]] if place_of(cell) in limits else []
        assert clocks == expected, f"{cell.id}: the clock and course.seconds in the metadata differ"
        assert cell.source.endswith("\nclock.report()") == bool(clocks), cell.id
        assert bool(clocks) or "%|" not in printed, f"{cell.id} shows a progress bar and has no limit of its own"
        assert bool(clocks) == bool(re.search(r"Your training took \d+ of \d+ seconds of computing time", printed)), (
            cell.id
        )


def test_some_cells_have_a_limit_of_their_own():
    assert sum(len(own_seconds(units.source_notebook(unit))) for unit in UNITS) >= 8


def test_a_written_question_closes_the_unit(notebook):
    written = [cell for cell in notebook.cells if nbgrader_tag(cell).get("grade_id") == WRITTEN]
    assert len(written) == 1
    assert nbgrader_tag(written[0])["grade"]
    assert nbgrader_tag(written[0])["solution"]
    text = "\n".join(cell.source for cell in notebook.cells)
    assert "MARK SCHEME" in text or "ubric" in text


def test_hints_come_in_three_steps(notebook):
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    hints = len(re.findall(r"<summary>", text))
    assert hints >= 3 * len(exercises_of(notebook))
    assert text.count("<details>") == text.count("</details>")


def test_a_visible_check_says_that_it_passed(notebook):
    for exercise in exercises_of(notebook):
        check = notebook.cells[exercise.check]
        printed = "".join(output.text for output in check.outputs if output.get("name") == "stdout")
        assert re.search("^Passed[.:]", printed, re.MULTILINE), check.id


def test_pictures_in_the_text_lie_here_and_have_alt_text(notebook, request):
    unit = request.node.callspec.params["notebook"]
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            for alt, target in re.findall(r"!\[(.*?)\]\((.*?)\)", cell.source, flags=re.DOTALL):
                assert len(alt) > 15, f"{cell.id}: {target} has no alt text that says what there is to see"
                assert (units.SOLUTIONS / unit / target).is_file(), f"{cell.id}: no file {target}"
            assert "<img" not in cell.source, f"{cell.id}: use ![alt](file)"


def test_figures_of_code_have_alt_text(notebook):
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            assert "image/png" not in data, f"{cell.id}: use course_utils.plots.show(figure, alt='NN/name')"
            for alt in re.findall(r"<img ([^>]*?)src=", data.get("text/html", "")):
                assert len(alt) > 15, f"{cell.id}: its picture has no alt text"


def test_outputs_are_stored_and_no_machine_shows(notebook):
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in code), "run the notebook from top to bottom and save it"
    for cell in code:
        assert "execution" not in cell.metadata, f"{cell.id}: dates of the run are stored"
        for output in cell.outputs:
            assert not (output.output_type == "stream" and output.name == "stderr"), f"{cell.id}: wrote to stderr"
            assert not MACHINE_PATHS.search(str(output.get("text", "")) + str(output.get("traceback", ""))), cell.id


@pytest.mark.parametrize("unit", UNITS)
def test_no_line_of_code_in_view_is_wider_than_a_page(unit):
    """88 characters fit beside the file browser in a window of 1280 pixels."""
    for cell in nbformat.read(units.RELEASE / unit / f"{unit}.ipynb", as_version=4).cells:
        if cell.cell_type == "code" and not cell.metadata.get("jupyter", {}).get("source_hidden"):
            assert [line for line in cell.source.splitlines() if len(line) > 88] == [], cell.id


def test_no_cell_is_longer_than_a_screen(notebook):
    for cell in notebook.cells:
        if cell.cell_type == "code" and not (is_autograded(cell) or is_long_check(cell)):  # these come collapsed
            assert len(cell.source.splitlines()) <= 45, cell.id
