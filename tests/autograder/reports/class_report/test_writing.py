"""The page and the table of a class whose marks are given."""

import csv
import io
import random

import nbformat
import pytest
from bs4 import BeautifulSoup

from autograder import __main__
from autograder.course import units
from autograder.reports.class_report.writing import COLUMNS, write_report
from tests.autograder.demo_course import UNIT
from tests.autograder.reports.class_report.small_class import CELLS, STUB, cell, result, write_class, write_units

pytestmark = pytest.mark.real_path  # each makes a gradebook and figures, a second or more

CAUSE = "rows were flipped"


@pytest.fixture
def report(demo, tmp_path):
    """A function that writes the report of these results, and gives the page, its soup and the rows of the table."""

    def write(*results, keep=True, hide_ids=False, roster=""):
        out = tmp_path / "out"
        write_class(out, *results, keep=keep)
        if roster:
            (out / "roster.csv").write_text(roster)
        write_report(out, [], tmp_path / "r.html", tmp_path / "r.csv", hide_ids)
        page = (tmp_path / "r.html").read_text()
        rows = list(csv.DictReader(io.StringIO((tmp_path / "r.csv").read_text())))
        return page, BeautifulSoup(page, "html.parser"), rows

    return write


def rows_of(soup, label):
    """The cells of the table with this name, row by row."""
    (region,) = soup.find_all(attrs={"aria-label": label})
    return [[part.get_text() for part in row(["th", "td"])] for row in region.table.tbody("tr")]


def ten_students():
    """Of eleven students five fail `double` by a known cause; who does, fails `double_all` too, but for one."""
    lost = cell("double-plain", message="no", cause=CAUSE), cell("double-hard", message="no", cause=CAUSE)
    also = cell("double_all-plain", message="came: 1"), cell("double_all-hard", message="came: 2")
    weak = [result(name, *lost, *also) for name in ("ada", "bob", "cyd", "dan")]
    return [*weak, result("eve", *lost), *map(result, ("fay", "gil", "hal", "ida", "jon", "kim"))]


def test_the_table_by_hand(report):
    _, soup, rows = report(*ten_students())
    assert list(rows[0]) == list(COLUMNS)
    double = [row for row in rows if row["exercise"] == "double"]
    assert [(row["outcome"], row["cause"], row["students"], row["cells"]) for row in double] == [
        ("full marks", "", "6", ""),
        ("likely cause", CAUSE, "5", "double-plain double-hard"),
    ]
    # 6 of 11 have the 2 points of `double`, 7 those of `double_all`, all of the former among the latter. With n = 11:
    # covariance 6/11 - 42/121 = 24/121, variances 30/121 and 28/121, so 24 / sqrt(840) = 0.828.
    assert {(row["points"], row["submissions"], row["share_earned"], row["item_rest"]) for row in double} == {
        ("2", "11", "0.545", "0.828")
    }
    assert rows_of(soup, f"likely causes in {UNIT}") == [["Demo (double)", CAUSE, "5", "double-plain, double-hard"]]
    exercises = rows_of(soup, f"exercises of {UNIT}")
    assert exercises[0] == ["Demo (double)", "2", "55 %", "0.83", "6", "5", "0"]
    assert exercises[2][:4] == ["Demo (written)", "2", "– of 0, 11 wait", "fewer than 10 submissions"]
    failure = soup.find(class_="failure")
    assert "4 students" in failure.h4.get_text()
    assert failure.find(class_="bank").get_text().splitlines()[2] == "# loses: double_all-plain, double_all-hard"


def test_every_picture_has_a_text_and_none_is_fetched(report):
    page, soup, _ = report(*ten_students())
    assert len(soup("img")) == 4  # marks of all units and of this one, outcomes, items; no time is known
    for image in soup("img"):
        assert image["src"].startswith("data:image/svg+xml;base64,")
        assert len(image["alt"]) > 40
    assert "Demo (double): 6 full marks, 5 likely cause" in soup("img")[2]["alt"]
    assert not soup(["script", "link", "iframe"])
    assert "http" not in page


def test_one_student(report):
    _, soup, rows = report(result("ada", handed_in_at="2026-10-01 10:00 UTC"))
    assert {row["item_rest"] for row in rows} == {""}
    assert rows_of(soup, f"exercises of {UNIT}")[0][2:4] == ["100 %", "fewer than 10 submissions"]
    assert rows_of(soup, "the units")[0][1:] == [
        "1",
        "0",
        "0",
        "4 of 6",
        "2026-10-01 10:00",
        "2026-10-01 10:00",
        "2.0, at most 2.0",
    ]
    assert "No check named one." in soup.get_text()
    assert len(soup("img")) == 5


def test_a_unit_without_submissions_and_a_gradebook_without_units(report, tmp_path):
    _, soup, rows = report()
    assert rows == []
    assert "The gradebook has no unit yet" in soup.get_text()
    write_units(tmp_path / "out", UNIT)
    _, soup, rows = report()
    assert "Nothing of this unit was graded yet." in soup.get_text()
    assert {row["students"] for row in rows} == {""}


def test_without_a_gradebook_it_says_what_to_do(tmp_path):
    with pytest.raises(ValueError, match=r"there is no gradebook\.db: grade first"):
        write_report(tmp_path, [], tmp_path / "r.html", None)
    assert not (tmp_path / "r.html").exists()


def test_what_needs_a_person_comes_first_the_gravest_on_top(report, tmp_path):
    folder = tmp_path / "out" / "submitted" / "yen" / UNIT
    folder.mkdir(parents=True)
    (folder / f"{UNIT}.ipynb").write_text("{}")
    invalid = result("eve", status="invalid", note="no notebook")
    invalid.cells = []
    page, soup, _ = report(
        result("ada", status="timeout", note="cell `double` used up its 30 seconds"),
        result("bob", status="timeout", note="cell `double` used up its 30 seconds"),
        result("cyd", status="tampered", note="it sent results that nobody asked for"),
        result("dan", remarks=["double forbids x; cell 3 has y"]),
        invalid,
        roster="id\nzoe\n",
    )
    table = rows_of(soup, "what needs a person")
    assert [(row[0], row[3]) for row in table] == [
        ("tampered", "cyd"),
        ("timeout", "ada, bob"),
        ("invalid", "eve"),
        ("a way round?", "dan"),
        ("not graded", "yen"),
        ("to be read", ""),
    ]
    assert table[-1][2] == "Demo (written): 4 answers of 2 points wait"
    assert rows_of(soup, "the units")[0][1:4] == ["4", "1", "1"]  # eve's was no notebook, zoe has handed in nothing
    assert page.index("What needs a person") < page.index("The units")


def test_marks_without_a_kept_result_are_shown_and_told(report):
    _, soup, _ = report(result("ada"), keep=False)
    assert rows_of(soup, "what needs a person")[0][0] == "no result"
    assert rows_of(soup, f"exercises of {UNIT}")[0][2] == "100 %"


def test_names_with_markup_are_text(report, demo):
    path = units.SOLUTIONS / UNIT / f"{UNIT}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].source = "## Sums of $x_i$ & <i>more</i> · 4 points"
    nbformat.write(notebook, path)
    bad = cell("double-plain", message="<script>alert(1)</script>\x1b[31m", cause="")
    caused = cell("double_all-plain", message="no", cause="`<b>` & co")
    page, soup, rows = report(result("ada", bad, caused, status="unclear", note="<u>a note</u>"))
    assert not soup(["script", "b", "u", "i"])
    assert [image["src"][:5] for image in soup("img")] == ["data:"] * len(soup("img"))
    assert "<script>alert(1)</script>\\x1b[31m" in soup.get_text()
    assert "<u>a note</u>" in soup.get_text()
    assert "Sums of $x_i$ & <i>more</i>" in rows[0]["title"]
    assert [row["cause"] for row in rows if row["cause"]] == ["`<b>` & co"]
    assert "<script" not in page


def test_hidden_ids_stand_nowhere(report):
    secret = ("uqx71", "Wilhelmina", "Zettel")
    said = "Wilhelmina_Zettel (1).ipynb is not uqx71.ipynb"
    failed = cell("double-plain", message=said, cause="`uqx71` is shuffled")
    results = [
        result("uqx71", failed, status="unclear", note=said, remarks=[said]),
        result("bob", cell("double-plain", message=f"uqx71 {said}")),
    ]
    roster = "id,first_name,last_name\nuqx71,Wilhelmina,Zettel\nbob,,\n"
    shown, _, _ = report(*results, roster=roster)
    assert all(word in shown for word in secret)
    page, soup, rows = report(hide_ids=True)
    text = (page + str(rows)).casefold()
    assert not [word for word in secret if word.casefold() in text]
    assert "bob" not in soup.get_text()
    assert "student 1" in soup.get_text()


def test_the_page_of_300_students_stays_small(report):
    rng = random.Random(0)

    def one(number):
        lost = [name for name in list(CELLS)[:4] if rng.random() < 0.4]
        cells = [cell(name, message=f"came: {rng.random()}", cause=rng.choice(["", CAUSE])) for name in lost]
        return result(
            f"student{number}", *cells, handed_in_at=f"2026-10-{rng.randrange(1, 29):02} 10:{rng.randrange(60):02} UTC"
        )

    page, _, _ = report(*map(one, range(300)))
    assert len(page) < 250_000


def test_the_command(report, tmp_path, monkeypatch, capsys):
    report(result("ada", cell("double-plain", message=STUB)))
    monkeypatch.setattr(__main__, "ROOT", tmp_path / "out")
    monkeypatch.chdir(tmp_path)
    assert __main__.main(["report", UNIT, "--csv", "t.csv"]) == 0
    assert not (tmp_path / "report.html").exists()
    assert __main__.main(["report", "--hide-ids"]) == 0
    assert capsys.readouterr().out == "written: t.csv\nwritten: report.html\n"
    assert "ada" not in (tmp_path / "report.html").read_text().replace("readable", "")
    assert __main__.main(["report", "09-none"]) == 2
    assert "'09-none' is not in the gradebook" in capsys.readouterr().err
