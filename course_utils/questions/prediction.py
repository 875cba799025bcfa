"""The block whose output waits for a prediction."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from numbers import Real

from IPython.display import display

from course_utils.questions.captured import captured
from course_utils.questions.score import Question, Scored, question


class Asked:
    """What `prediction` hands to its block, to be told the answer."""

    def __init__(self, asks: Question):
        self.asks, self.told = asks, None

    def answer(self, value: float | str) -> None:
        """Say what is right; once.

        Args:
            value: a finite number; where there are choices, one of them.

        Raises:
            TypeError: the question asks for a number, and this is none.
            ValueError: it is not finite, or none of the choices; or the answer was given before.
        """
        choices = self.asks.choices
        if self.told is not None:
            raise ValueError(f"the answer was {self.told!r}, and now it is {value!r}: give it once")
        if choices and value not in choices:
            raise ValueError(f"the answer is {value!r}; expected one of the choices: {', '.join(map(repr, choices))}")
        if not choices and (not isinstance(value, Real) or isinstance(value, bool)):
            raise TypeError(f"the answer is {value!r}; expected a number, as tensor.item() gives")
        if not choices and not math.isfinite(value):
            raise ValueError(f"the answer is {value!r}; expected a finite number")
        self.told = value if choices else float(value)


@contextmanager
def prediction(key: str) -> Iterator[Asked]:
    """Ask what comes out before showing it: the block runs, and its output stays closed until something is predicted.

    The page takes a number or a choice, opens the output beneath and scores the prediction. It needs the kernel for
    nothing. Where no page lives, question and output stand in a form to unfold. Nothing is graded.
    As the last statement of a cell it shows itself. If the block fails, its output is shown as always.

    >>> from course_utils.questions import prediction
    >>> with prediction("01/ex1-pooled") as asked:
    ...     print(max(3, 7, 0, 2))
    ...     asked.answer(7)
    Predict: Which number does 2×2 max pooling keep of the four sums 3, 7, 0 and 2?
    7
    Answer: 7. Max pooling keeps the greatest of the block, wherever it stands.

    Args:
        key: ``NN/name``: the question `name` in ``course_utils/questions/texts/NN.json``. Beside the question it has
            the choices, if there are any, why the answer is right, and what is behind common wrong ones.

    Raises:
        ValueError: there is no such question; the block gave no answer.
    """
    asked = Asked(question(key))
    try:
        with captured() as output:
            yield asked
        if asked.told is None:
            raise ValueError(f"the block of prediction({key!r}) gave no answer: call asked.answer(...) in it")
    except BaseException:
        output.replay()
        raise
    display(Scored(asked.asks, asked.told, output))
