"""Students' ids in a report: shown, or hidden behind numbers."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable

from autograder.grading.messages import printable
from autograder.grading.roster import Roster


class Shown:
    """Students stand with their ids."""

    def name(self, student: str) -> str:
        """What a student is called."""
        return printable(student)

    def text(self, text: str) -> str:
        """A text that can hold words of a student's own."""
        return "\n".join(map(printable, text.splitlines()))


class Hidden(Shown):
    """Students are numbers, drawn anew for each report, so that no list of the class gives them away.

    In texts, each word that is an id, or stands in the student's line of the roster, becomes that number: a file's name
    in a note can be a student's own. A name of one or two letters or digits that is an ordinary word goes too.
    """

    def __init__(self, students: Iterable[str], roster: Roster) -> None:
        drawn = sorted(students)
        secrets.SystemRandom().shuffle(drawn)
        self._numbers = {student: f"student {number}" for number, student in enumerate(drawn, start=1)}
        self._words: dict[str, str] = {}
        for student, called in self._numbers.items():
            for words in (student, *roster.get(student, {}).values()):
                self._words.setdefault(words.casefold(), called)
        # The longest first: an address holds the id.
        words = sorted(filter(None, self._words), key=len, reverse=True)
        self._pattern = re.compile(rf"(?<![^\W_])(?:{'|'.join(map(re.escape, words)) or '(?!)'})(?![^\W_])", re.I)

    def name(self, student: str) -> str:
        """The student's number."""
        return self._numbers[student]

    def text(self, text: str) -> str:
        """The text with numbers in place of ids and names."""
        return super().text(self._pattern.sub(lambda found: self._words.get(found[0].casefold(), "a student"), text))
