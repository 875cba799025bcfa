"""nbgrader's settings: every nbgrader command and the formgrader, run at the course root, read them."""

import sys
from pathlib import Path

from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
from nbgrader.preprocessors import GetGrades

# nbgrader's own commands do not have the course root on their path.
sys.path.insert(0, str(Path(__file__).parent))
from autograder.feedback import MessagesOnly

c = get_config()  # noqa: F821 - nbgrader provides it

c.CourseDirectory.course_id = "convnets"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "notebooks"
# The unit's figures travel with the notebook; these never do.
c.CourseDirectory.ignore = [".ipynb_checkpoints", "__pycache__", "*.pyc", ".*"]
c.CourseDirectory.max_file_size = 20_000  # kB

c.ClearSolutions.code_stub = {"python": '# YOUR CODE HERE\nraise NotImplementedError("this answer is not written yet")'}
c.ClearSolutions.text_stub = "YOUR ANSWER HERE"

# A student's endless loop ends after this many seconds a cell.
c.Execute.timeout = 30
# The first is nbgrader's default; the second keeps a note about local sockets off the instructor's screen.
c.Execute.extra_arguments = ["--HistoryManager.hist_file=:memory:", "--log-level=ERROR"]
# No dates in the notebooks: the same submission gives the same file.
c.ExecutePreprocessor.record_timing = False

# Feedback shows marks and messages; the hidden tests stay hidden.
c.GenerateFeedback.preprocessors = [GetGrades, MessagesOnly, CSSHTMLHeaderPreprocessor]
