"""Predictions: what a cell will show is written down before it is seen, and scored afterwards; nothing is graded.

- `prediction`: the block whose output waits for a prediction
- `captured`: what a block prints and shows, kept in order
- `score`: a question with its answer, as a page that asks and as a still form
- `texts/`: the questions of each unit, in a file of JSON; here, for in the cell they would tell what comes out
- `pages/`: the script and the style sheet of the page
"""

from course_utils.questions.prediction import prediction

__all__ = ["prediction"]
