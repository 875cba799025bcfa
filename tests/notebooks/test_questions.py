"""The questions in the text and the predictions of cells: enough of them, one right choice, each choice explained."""

import json
import re
from collections import Counter
from dataclasses import dataclass

import pytest

from autograder.course import units
from course_utils.questions.score import FOLDER, question

UNITS = units.unit_names()
CHOICE = re.compile(r"<details><summary>(.*?)</summary>\n\n(.*?)\n</details>", re.DOTALL)
KEYS = re.compile(r"questions\.prediction\(\"([^\"]+)\"\)")


@dataclass(frozen=True)
class Asked:
    """A question in the text: what it asks, and (choice, explanation) for each choice."""

    text: str
    choices: list[tuple[str, str]]


def asked(cell) -> Asked:
    text, *_ = cell.source.partition("<details>")
    return Asked(text.strip(), CHOICE.findall(cell.source))


def cells_of(unit):
    return units.source_notebook(unit).cells


QUESTIONS = [
    pytest.param(cell, id=f"{unit[:2]}-{cell.id}")
    for unit in UNITS
    for cell in cells_of(unit)
    if cell.id.startswith("question-")
]
PREDICTIONS = [
    pytest.param(unit, cell, id=f"{unit[:2]}-{cell.id}")
    for unit in UNITS
    for cell in cells_of(unit)
    if KEYS.search(cell.source)
]


@pytest.mark.parametrize("unit", UNITS)
def test_each_unit_asks_enough(unit):
    cells = cells_of(unit)
    assert sum(cell.id.startswith("question-") for cell in cells) >= 5
    assert sum(bool(KEYS.search(cell.source)) for cell in cells) >= 2


@pytest.mark.parametrize("cell", QUESTIONS)
def test_one_choice_is_right_and_each_is_explained(cell):
    question = asked(cell)
    assert cell.cell_type == "markdown"
    assert question.text.startswith("**Question.** ")
    assert 3 <= len(question.choices) <= 4
    assert cell.source.count("<details>") == len(question.choices)  # nothing else is folded, or badly
    verdicts = Counter(re.match(r"(Yes|No)[:,] ", explanation)[1] for _, explanation in question.choices)
    assert verdicts["Yes"] == 1
    for choice, explanation in question.choices:
        assert 0 < len(choice) <= 80
        assert not re.search(r"[$*`\[<]", choice), f"{choice}: a summary is plain text"
        assert not re.search(r"\b(right|wrong|correct)\b", choice)
        assert len(explanation.split()) >= 5
    assert len({choice for choice, _ in question.choices}) == len(question.choices)


@pytest.mark.parametrize("cell", QUESTIONS)
def test_d_d_on_one_of_its_choices_does_not_delete_it_and_it_is_not_graded(cell):
    assert cell.metadata == {"deletable": False}


def test_the_right_one_stands_at_any_place():
    """Nor is it the longest."""
    places, longest = Counter(), 0
    for parameter in QUESTIONS:
        choices = asked(parameter.values[0]).choices
        (place,) = [i for i, (_, explanation) in enumerate(choices) if explanation.startswith("Yes")]
        places[place] += 1
        longest += len(choices[place][0]) == max(len(choice) for choice, _ in choices)
    assert all(places[place] >= len(QUESTIONS) / 5 for place in range(3)), places
    assert longest <= len(QUESTIONS) / 2


@pytest.mark.parametrize(("unit", "cell"), PREDICTIONS)
def test_a_prediction_shows_itself_and_all_that_it_is_about(unit, cell):
    """Whatever stands behind the block would be shown before anybody has predicted."""
    assert "nbgrader" not in cell.metadata
    _, *block = cell.source[cell.source.index("with questions.prediction") :].splitlines()
    assert all(line.startswith("    ") or not line for line in block)
    assert block[-1].startswith("    asked.answer(")
    assert "from course_utils import questions\n" in cell.source
    page, still = cell.outputs
    assert "application/vnd.jupyter.widget-view+json" in page.data
    assert still.data["text/html"].count('<div class="course-still">') == 1


@pytest.mark.parametrize("unit", UNITS)
def test_each_question_of_the_files_is_asked_once(unit):
    keys = [key for cell in cells_of(unit) for key in KEYS.findall(cell.source)]
    written = json.loads((FOLDER / "texts" / f"{unit[:2]}.json").read_text(encoding="utf-8"))
    assert sorted(keys) == sorted(f"{unit[:2]}/{name}" for name in written)
    for key in keys:
        asks = question(key)
        assert asks.question.endswith(("?", "."))
        assert len(asks.because) >= 1
        if asks.choices:
            assert set(asks.because) <= set(asks.choices)
        else:
            assert [float(number) for number in asks.because]
        assert asks.why.endswith(".")
