"""Half points on their whole way: cells, nbgrader's validator, table, JSON, feedback, a person's half, the export."""

import csv
import json

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.plugins import CsvExportPlugin

from autograder.course import units
from autograder.course.cells import nbgrader_tag
from autograder.grading.classes import Graded, grade_class
from autograder.reports import feedback
from autograder.reports.marks import print_table, to_json
from tests.autograder.demo_course import OPTIONS, RIGHT, UNIT

pytestmark = pytest.mark.real_path

# By hand: 0.5 + 1.5 for each of two exercises and 2.5 for the written answer are 6.5.
POINTS = {"plain": 0.5, "hard": 1.5, "written": 2.5}


@pytest.fixture
def submitted(demo, request):
    """ada is right; bob fails the hard case of one exercise and so has 0.5 + 0.5 + 1.5 = 2.5."""
    path = units.SOLUTIONS / UNIT / f"{UNIT}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if nbgrader_tag(cell).get("grade"):
            cell.metadata.nbgrader.points = POINTS[nbgrader_tag(cell)["grade_id"].split("-")[-1]]
    nbformat.write(notebook, path)
    handed_in = request.getfixturevalue("handed_in")  # which releases the unit, with these points
    handed_in("ada", RIGHT)
    handed_in("bob", RIGHT | {"double_all": "def double_all(x):\n    return 3 if x == 1 else 6"})
    return handed_in.submitted


def test_half_points_arrive_everywhere(submitted, tmp_path, capsys):
    out = tmp_path / "out"
    results = grade_class(submitted, out, [], OPTIONS, feedback).results
    assert [(result.score, result.max_score, result.waiting) for result in results] == [(4, 6.5, 2.5), (2.5, 6.5, 2.5)]
    print_table(results)
    assert "2.5 of 6.5 2.5" in " ".join(capsys.readouterr().out.split())
    cells = {cell["id"]: cell for cell in json.loads(to_json(Graded(results)))["submissions"][1]["cells"]}
    assert (cells["double-hard"]["score"], cells["double_all-hard"]["max_score"]) == (1.5, 1.5)
    page = (out / "feedback" / "bob" / UNIT / f"{UNIT}.html").read_text(encoding="utf-8")
    assert "Your marks: 2.5 of 6.5" in page
    assert "0 of 1.5" in page

    with Gradebook(f"sqlite:///{out}/gradebook.db") as book:
        book.find_grade("written", UNIT, UNIT, "bob").manual_score = 1.5  # a person's half
        book.db.commit()
        assert book.find_assignment(UNIT).max_score == 6.5
        CsvExportPlugin(to=str(tmp_path / "grades.csv")).export(book)
    with (tmp_path / "grades.csv").open(newline="") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert (rows["bob"]["score"], rows["bob"]["max_score"]) == ("4.0", "6.5")
