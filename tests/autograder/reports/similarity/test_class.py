"""A class of the demo course: what is listed, what is left out and why, on the screen and on the page."""

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell

from autograder.__main__ import main
from autograder.bank.sample_class import answer
from autograder.course import units
from autograder.course.cells import is_task
from autograder.reports.similarity.of_class import find_alike, together
from autograder.reports.similarity.shown import names_of, page_of
from tests.autograder.demo_course import UNIT, demo_notebook

BODIES = [
    "    steps = [x]\n    while len(steps) < 2:\n        steps.append(steps[-1])\n"
    "    return sum(steps) / len(steps) * 2",
    "    found = {}\n    for key in range(3):\n        found[key] = x if key else -x\n"
    "    return max(found.values()) + x",
    "    try:\n        text = str(x).encode().decode()\n    except TypeError as error:\n        raise error\n"
    "    return 2 * float(text) if text.strip() else max(0, len(text))",
]
COPY = """# my own idea
def double(number: float):
    parts = [number]   # a list
    while len(parts) < 2: parts.append(parts[-1])
    return (sum(parts) / len(parts) * 2)
"""


def double(body):
    return {"double": f"def double(x):\n{body}"}


@pytest.fixture
def class_(demo, tmp_path, monkeypatch):
    """A function that writes a notebook; ada, bob and cyd have written answers that nobody else has."""
    released = demo_notebook()
    for cell in released.cells:
        if is_task(cell):
            cell.source = f"{cell.source.splitlines()[0]}\n    # YOUR CODE HERE\n    raise NotImplementedError()"
    monkeypatch.setattr(units, "RELEASE", tmp_path / "released")
    submitted = tmp_path / "submitted"

    def put(path, notebook):
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, path)

    def write(student, sources, change=lambda notebook: None):
        notebook = answer(released, sources)
        change(notebook)
        put(submitted / student / UNIT / f"{UNIT}.ipynb", notebook)

    put(units.RELEASE / UNIT / f"{UNIT}.ipynb", released)
    for student, body in zip(("ada", "bob", "cyd"), BODIES, strict=True):
        write(student, double(body))
    write.submitted = submitted
    return write


def groups(class_):
    [found] = find_alike(class_.submitted, [])
    return [(group.exercise, group.students) for group in found.groups], found


def test_who_wrote_alone_is_not_listed(class_):
    listed, found = groups(class_)
    assert listed == []
    assert found.compared["double"] == (3, 3)
    assert found.not_compared == {"double_all": "nobody answered it"}


def test_a_disguised_copy_is_listed_with_the_lines_that_say_so(class_):
    class_("dan", {"double": COPY})
    listed, found = groups(class_)
    assert listed == [("double", ["ada", "dan"])]
    [pair] = found.groups[0].pairs
    assert pair.alike == 1
    assert pair.left.lines == {1, 2, 3, 4, 5}
    assert pair.right.lines == {2, 3, 4, 5}  # the loop stands on one line


def test_two_who_copied_from_a_third_are_one_group(class_):
    class_("dan", {"double": COPY})
    class_("eve", {"double": COPY.replace("parts", "values")})
    assert groups(class_)[0] == []  # three of five: that may be the natural way
    for number in range(15):
        class_(f"s{number}", double(f"    return {' + '.join(f'x**{i + number}' for i in range(9))}"))
    assert groups(class_)[0] == [("double", ["ada", "dan", "eve"])]


def test_the_same_file_is_said_and_counts_once(class_):
    class_("dan", double(BODIES[0]))
    listed, found = groups(class_)
    assert found.same_files == [("ada", "dan")]
    assert listed == []
    class_("eve", {"double": COPY})
    listed, found = groups(class_)
    assert listed == [("double", ["ada", "dan", "eve"])]
    assert together([found])["ada", "eve"] == 1


def test_untouched_notebooks_are_no_copies(class_):
    for student in ("eve", "fay"):
        class_(student, {})
    listed, found = groups(class_)
    assert (listed, found.same_files, found.left_out, found.notebooks) == ([], [], [], 5)


def test_an_answer_in_cells_of_ones_own_is_found(class_):
    """The function in a cell behind, part of it in a helper before that, and the TODO cell as it was released."""
    helper = "def both(v):\n    l = [v]\n    while len(l) < 2:\n        l.append(l[-1])\n    return sum(l) / len(l) * 2"

    def move(notebook):
        place = next(i for i, cell in enumerate(notebook.cells) if cell.get("id") == "double")
        notebook.cells[place + 1 : place + 1] = [
            new_code_cell(helper),
            new_code_cell("def double(n):\n    return both(n)"),
        ]

    class_("dan", {}, move)
    listed, found = groups(class_)
    assert listed == [("double", ["ada", "dan"])]
    side = found.groups[0].pairs[0].right
    assert [source for _, source in side.cells][1:] == [helper, "def double(n):\n    return both(n)"]
    assert {number for number, _ in side.cells} == {3, 4, 5}


def test_what_was_given_does_not_count(class_, monkeypatch):
    """The answer stands in another released notebook of the course."""
    class_("dan", {"double": COPY})
    path = units.RELEASE / UNIT / f"{UNIT}.ipynb"
    released = nbformat.read(path, as_version=4)
    released.cells.append(new_code_cell(f"def shown(x):\n{BODIES[0]}"))
    other = path.parents[2] / "other" / UNIT / path.name
    other.parent.mkdir(parents=True)
    nbformat.write(released, other)
    monkeypatch.setattr(units, "RELEASE", other.parents[1])
    assert groups(class_)[0] == []


def test_what_the_bank_has_is_a_natural_way(class_):
    class_("dan", {"double": COPY})
    (units.ANSWERS / UNIT / "double" / "right-steps.py").write_text(double(BODIES[0])["double"])
    assert groups(class_)[0] == []


def test_short_answers_are_left_out_with_the_reason(class_):
    for student in ("dan", "eve"):
        class_(student, {"double_all": "def double_all(x):\n    return x * 3 if x else 0"})
    _, found = groups(class_)
    assert found.not_compared["double_all"].startswith("answered by 1")  # the two files are the same
    class_("eve", {"double_all": "def double_all(y):\n    return y + y + y"})
    _, found = groups(class_)
    assert found.not_compared["double_all"].startswith("too short: a usual answer has ")


def test_what_cannot_be_read_is_said(class_, capsys):
    class_("dan", {"double": "def double(x:\n    return"})
    (class_.submitted / "eve" / UNIT).mkdir(parents=True)
    (class_.submitted / "eve" / UNIT / f"{UNIT}.ipynb").write_text("{}")
    assert main(["similar", "--submitted", str(class_.submitted)]) == 0
    said = capsys.readouterr().out
    assert "left out: dan, double: cell 3: it does not parse: line 1" in said
    assert "left out: eve: 00-demo.ipynb is not a Jupyter notebook" in said
    assert "no two answers are alike" in said


def test_students_code_is_never_run(class_, tmp_path):
    mark = tmp_path / "ran"
    class_("dan", {"double": f"open({str(mark)!r}, 'w')\n!touch {mark}\n{COPY}"})
    groups(class_)
    assert not mark.exists()


def test_the_command_and_its_page(class_, tmp_path, capsys):
    class_("dan", {"double": f"{COPY}# <script>alert('dan')</script>"})
    page = tmp_path / "page.html"
    assert main(["similar", UNIT, "--submitted", str(class_.submitted), "--html", str(page)]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Two answers that are alike are a reason to talk, and no proof")
    assert ["double", "100%", "0", "ada,", "dan"] in [line.split() for line in said.splitlines()]
    soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
    assert soup.main.p.get_text().startswith("Two answers that are alike are a reason to talk, and no proof")
    assert not soup("script")
    assert not soup.find_all(lambda tag: tag.get("src") or (tag.get("href") or "#")[0] != "#")  # it needs no other file
    assert [heading.get_text() for heading in soup("h4")] == ["ada", "dan"]
    assert [mark.get_text() for mark in soup("pre")[1]("mark")] == COPY.splitlines()[1:]
    assert {link["href"].removeprefix("#") for link in soup("a")} == {heading["id"] for heading in soup("h3", id=True)}


def test_ids_can_be_hidden(class_):
    class_("dan", {"double": f"{COPY}# dan wrote this, not danny"})
    page = page_of(find_alike(class_.submitted, []), names_of(hidden=True), hidden=True)
    assert "student 1, student 2" in page
    assert "student 2 wrote this, not danny" in page
    assert "ada" not in BeautifulSoup(page, "html.parser").get_text()


def test_wrong_folders_and_units_are_said(class_, tmp_path, capsys):
    (tmp_path / "empty").mkdir()
    for arguments, said in (
        (["--submitted", "nowhere"], "there is no folder nowhere"),
        (["--submitted", str(tmp_path / "empty")], "has no notebook of any unit"),
        (["99-none", "--submitted", str(class_.submitted)], "there is no unit '99-none'"),
    ):
        assert main(["similar", *arguments]) == 2
        assert said in capsys.readouterr().err
