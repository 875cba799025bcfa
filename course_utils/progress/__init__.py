"""Where a student stands, read from saved notebooks: no account, no network, no hook.

    python -m course_utils.progress [FOLDER]   # in a terminal
    progress.saved_progress()                  # in the guide

An exercise is *done* when its TODO cell differs from the release and its visible check ran after it, without an error;
an answer in words is done when its text differs. It is *tried* when only the first holds, and else *untouched*. A saved
notebook does not tell whether a cell was edited after it ran, so "done" means: solved when last run.

- `saved`: a notebook's file as cells, whatever is in it
- `states`: what became of one exercise
- `course`: all chapters below a folder, and the next thing to do
- `report`: that as text and as HTML
- `guide`: that in the guide, before it is opened
"""

from course_utils.progress.course import Chapter, Progress, saved_progress
from course_utils.progress.states import DONE, TRIED, UNTOUCHED, ExerciseState

__all__ = ["DONE", "TRIED", "UNTOUCHED", "Chapter", "ExerciseState", "Progress", "saved_progress"]
