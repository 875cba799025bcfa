"""A question with its answer and its output: as a page that asks first, and as a form to unfold where no page lives."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from markupsafe import escape

from course_utils.explorers.explorer import Page
from course_utils.questions.captured import Captured

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Question:
    """What is asked before an output is seen.

    Attributes:
        question: plain text.
        why: the answer explained.
        choices: what can be chosen; none where a number is asked for.
        because: what is behind a wrong choice or a common wrong number; the number as its text, "0.5".
        within: a number that is off by no more than this is right.
    """

    question: str
    why: str
    choices: list[str] = field(default_factory=list)
    because: dict[str, str] = field(default_factory=dict)
    within: float = 0.0


def question(key: str) -> Question:
    """The question `name` of ``texts/NN.json``, for the key ``NN/name``.

    Raises:
        ValueError: there is no such unit, or no such name in its file.
    """
    unit, _, name = key.partition("/")
    units = sorted(path.stem for path in (FOLDER / "texts").glob("*.json"))
    if unit not in units:
        raise ValueError(
            f"key is {key!r}; expected 'NN/name', a question of course_utils/questions/texts/NN.json, where NN is one "
            f"of {', '.join(units)}"
        )
    texts = json.loads((FOLDER / "texts" / f"{unit}.json").read_text(encoding="utf-8"))
    if name not in texts:
        raise ValueError(
            f"key is {key!r}, and course_utils/questions/texts/{unit}.json has no {name!r}; it has {', '.join(texts)}"
        )
    return Question(**texts[name])


class Scored(Page):
    """A question whose answer is known, and the output that it is about."""

    folder = FOLDER / "pages"
    in_its_place = "This asks for your prediction in JupyterLab, once the cell has run."

    def __init__(self, asks: Question, answer: float | str, output: Captured):
        self.asks, self.answer, self.output = asks, answer, output
        state = asdict(asks) | {"answer": answer, "output": output.to_html()}
        text = "\n".join(filter(None, [f"Predict: {asks.question}", output.to_text(), f"{self._answer()} {asks.why}"]))
        super().__init__("prediction", state, text)

    def still(self) -> dict[str, str]:
        """The question, with output, answer and what is behind wrong ones to unfold."""
        asks = self.asks
        choices = "".join(f"<li>{escape(choice)}</li>" for choice in asks.choices)
        wrong = "".join(
            f"<li>{escape(said)}: {escape(text)}</li>"
            for said, text in asks.because.items()
            if said != _shown(self.answer)
        )
        html = [
            f'<div class="course-still"><p><strong>Predict:</strong> {escape(asks.question)}</p>',
            f"<ul>{choices}</ul>" if choices else "",
            "<details><summary>Write your prediction down, then open</summary>",
            self.output.to_html(),
            f"<p><strong>{escape(self._answer())}</strong> {escape(asks.why)}</p>",
            f"<ul>{wrong}</ul>" if wrong else "",
            "</details></div>",
        ]
        return {"text/html": "".join(html), "text/plain": self.text}

    def _answer(self) -> str:
        return f"Answer: {_shown(self.answer)}."


def _shown(answer: float | str) -> str:
    """A number as the page shows it: thousands apart, six decimals at most, and a minus sign."""
    if isinstance(answer, str):
        return answer
    whole = f"{answer:z,.6f}"
    return whole.rstrip("0").rstrip(".").replace("-", "−")
