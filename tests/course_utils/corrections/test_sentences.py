"""What a student is told of a corrected notebook."""

from course_utils.corrections.merging import Changes
from course_utils.corrections.sentences import told
from tests.course_utils.corrections.small_unit import unit

NEW = unit("double", "triple")
AT = {cell.id: index for index, cell in enumerate(NEW.cells)}


def test_the_sections_and_exercises_of_each_change_stand_in_order_and_once():
    changes = Changes(
        texts=[AT["triple-check"], AT["title"], AT["imports"], AT["triple-idea"]],
        tests=[AT["triple-plain"], AT["triple-hard"], AT["double-plain"]],
        exercises=[AT["written"]],
    )
    assert told(changes, NEW) == [
        "corrected text in: A unit; Exercise · triple",
        "an exercise, or the cell for its answer, is new: written",
        "tests as they are now: double, triple",
    ]


def test_what_a_student_has_to_look_at_is_said_one_by_one():
    changes = Changes(stubs=[AT["double-task"]], kept_beside=[AT["imports"]], orphans=["x" * 70], removed=1, moved=True)
    assert told(changes, NEW) == [
        "double: your answer stays; its cell starts differently now, see the note above it",
        "a cell that you changed, or perhaps changed, stays, and ours stands below it: import math",
        f"no longer in the chapter; your answer stays: {'x' * 57}...",
        "no longer in the chapter, and taken out: 1 cell that you had not changed",
        "cells stand in another order; your own stayed behind the ones that they followed",
    ]


def test_without_any_text_there_are_settings():
    assert told(Changes(), NEW) == ["only settings of cells changed"]
