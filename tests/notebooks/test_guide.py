"""The guide: its links lead somewhere, the units link to its glossary, and it begins with the student's progress."""

import re

import nbformat
import pytest

from autograder.course import units

GUIDE = "guide.ipynb"


@pytest.fixture(scope="module")
def cells():
    return nbformat.read(units.SOLUTIONS / GUIDE, as_version=4).cells


def terms(cells) -> list[str]:
    return [cell.source.splitlines()[0].removeprefix("### ") for cell in cells if cell.id.startswith("term-")]


def links_from_units() -> list[tuple[str, str]]:
    """(unit, cell of the guide) for every link."""
    return [
        (unit, name)
        for unit in units.unit_names()
        for cell in units.source_notebook(unit).cells
        for name in re.findall(rf"\]\(\.\./{re.escape(GUIDE)}#cell-id=([^)]+)\)", cell.source)
    ]


def test_the_map_leads_to_every_unit_and_nowhere_else(cells):
    table = next(cell.source for cell in cells if cell.id == "map")
    assert re.findall(r"\]\(([^)]+)\)", table) == [f"{unit}/{unit}.ipynb" for unit in units.unit_names()]


def test_the_progress_comes_first_and_is_nobodys_yet(cells):
    assert [cell.id for cell in cells[:3]] == ["title", "progress-text", "progress"]
    assert (cells[2].outputs, cells[2].execution_count) == ([], None)
    assert "[Your progress](#Your-progress)" in cells[0].source
    assert cells[1].source.startswith("## Your progress\n")


def test_the_glossary_is_in_order_and_each_term_names_its_chapter(cells):
    assert terms(cells) == sorted(terms(cells), key=str.lower)
    for cell in cells:
        if cell.id.startswith("term-"):
            assert re.search(r"Chapters? \d\d", cell.source), cell.id


def test_links_between_units_and_guide_hold(cells):
    links = links_from_units()
    linked = {name for _, name in links}
    assert linked - {cell.id for cell in cells} == set()
    assert {cell.id for cell in cells if cell.id.startswith("term-")} - linked == set(), "no unit links to these"
    assert {unit for unit, _ in links} == set(units.unit_names())
