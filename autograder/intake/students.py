"""Who in the roster is meant by a name or a number in a download."""

from __future__ import annotations

from collections import defaultdict

from autograder.grading.roster import Roster, is_student_name, letters_of, names_of
from autograder.intake.formats import Sender


class Students:
    """The roster, to be asked by id, number or name.

    Args:
        roster: as `read_roster` gives it; without one, an id counts as it stands.
    """

    def __init__(self, roster: Roster):
        self._roster = roster
        self._by_number: dict[str, set[str]] = defaultdict(set)
        self._by_name: dict[str, set[str]] = defaultdict(set)
        for student, facts in roster.items():
            if number := facts.get("lms_user_id"):
                self._by_number[number].add(student)
            for name in names_of(facts):
                self._by_name[name].add(student)

    def find(self, sender: Sender) -> str:
        """The student's id.

        Raises:
            ValueError: nobody or several are meant; the message is a sentence.
        """
        if sender.id:
            if sender.id in self._roster or (not self._roster and is_student_name(sender.id)):
                return sender.id
            raise ValueError("nobody in roster.csv has this id")
        if sender.lms_id in self._by_number:
            return _only(self._by_number[sender.lms_id], "number")
        found = self._named(sender.name)
        # A participant's number may by chance be another user's, so it only decides between equal names, or where
        # the marking is blind and there is no name.
        if sender.number in self._by_number and (len(found) > 1 or not sender.name):
            found = (found & self._by_number[sender.number]) if found else self._by_number[sender.number]
        if not found:
            raise ValueError("nobody in roster.csv has this name or number")
        return _only(found, "name")

    def _named(self, name: str) -> set[str]:
        if not name:
            return set()
        parts = name.split("-")  # Moodle writes a group's name and a hyphen before a student's
        names = [letters_of("-".join(parts[k:])) for k in range(len(parts))]
        return next((self._by_name[name] for name in names if name in self._by_name), set())


def _only(found: set[str], what: str) -> str:
    if len(found) > 1:
        raise ValueError(
            f"{' and '.join(sorted(found))} have this {what}: give each an lms_id of their own in roster.csv"
        )
    return next(iter(found))
