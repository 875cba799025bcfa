"""Points follow minutes: about one for four, and what headings, openings and the guide say is what the cells give."""

import re
from collections import Counter

import nbformat
import pytest

from autograder.course import units
from autograder.course.cells import nbgrader_tag
from autograder.course.exercises import WRITTEN, exercises_of

MINUTES_FOR_A_POINT = 4
HEADING = re.compile(r"(\d+) minutes · ([\d.]+) points?\b")
ROW = re.compile(r"^\|.*\| \**(\d+)\** \| \**([\d.]+)\** \|$", flags=re.MULTILINE)
QUARTERS = {"": 0, "¼": 1, "½": 2, "¾": 3}


@pytest.fixture(params=units.unit_names())
def notebook(request):
    return units.source_notebook(request.param)


def cell_points(notebook) -> dict[str, list[float]]:
    """For each exercise, in order, and the written question: the points of its graded cells."""
    points = {
        nbgrader_tag(c)["grade_id"]: c.metadata.nbgrader.points for c in notebook.cells if nbgrader_tag(c).get("grade")
    }
    found = {exercise.name: [points[name] for name in exercise.graded] for exercise in exercises_of(notebook)}
    return found | {WRITTEN: [points[WRITTEN]]}


def stated(notebook) -> list[tuple[int, float]]:
    """Minutes and points as the exercises' headings state them."""
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    return [(int(minutes), float(points)) for text in texts for minutes, points in HEADING.findall(text)]


def opening_rows(notebook) -> list[tuple[int, float]]:
    """Minutes and points in the table at the unit's start; the last row has the sums."""
    text = "\n".join(cell.source for cell in notebook.cells[:2])
    return [(int(minutes), float(points)) for minutes, points in ROW.findall(text)]


def quarter_hours(hours: str) -> int:
    """2¾ is 11."""
    whole, quarter = re.fullmatch(r"(\d+)([¼½¾]?)", hours).groups()
    return 4 * int(whole) + QUARTERS[quarter]


def test_an_exercise_gives_about_a_point_for_four_minutes(notebook):
    points = cell_points(notebook)
    assert len(stated(notebook)) == len(points)
    for (name, given), (minutes, _) in zip(points.items(), stated(notebook), strict=True):
        fair = minutes / MINUTES_FOR_A_POINT
        assert abs(sum(given) - fair) <= fair / 3, f"{name}: {sum(given)} points for {minutes} minutes"


def test_points_are_whole_or_half_and_the_first_case_is_worth_least(notebook):
    for name, given in cell_points(notebook).items():
        assert all(points >= 0.5 and (2 * points).is_integer() for points in map(float, given)), name
        assert given[0] == min(given), f"{name}: the plain case gives more than a later one: {given}"


def test_whole_points_are_stored_as_integers(notebook):
    kinds = Counter(
        type(points) for given in cell_points(notebook).values() for points in given if points == int(points)
    )
    assert set(kinds) == {int}


def test_headings_and_opening_say_the_points_of_the_cells(notebook):
    given = [float(sum(points)) for points in cell_points(notebook).values()]
    assert [points for _, points in stated(notebook)] == given
    *rows, together = opening_rows(notebook)
    assert rows == stated(notebook)
    assert together == (sum(minutes for minutes, _ in rows), sum(given))


def test_opening_and_guide_say_hours_and_points(notebook, request):
    unit = request.node.callspec.params["notebook"]
    minutes, points = opening_rows(notebook)[-1]
    hours = re.search(r"about (\S+) hours of exercises", notebook.cells[0].source).group(1)
    assert quarter_hours(hours) == round(minutes / 15)
    guide = nbformat.read(units.SOLUTIONS / "guide.ipynb", as_version=4)
    table = next(cell.source for cell in guide.cells if cell.id == "map")
    line = next(line for line in table.splitlines() if f"]({unit}/" in line)
    assert line.endswith(f" | {hours} h | {points:g} |")
