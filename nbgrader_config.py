"""nbgrader's settings: every nbgrader command and the formgrader, run at the course root, read them."""

import sys
from pathlib import Path

from nbconvert.preprocessors import ClearMetadataPreprocessor, CSSHTMLHeaderPreprocessor
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    ClearHiddenTests,
    ClearMarkScheme,
    ClearOutput,
    ClearSolutions,
    ComputeChecksums,
    DeduplicateIds,
    GetGrades,
    IgnorePattern,
    IncludeHeaderFooter,
    InstantiateTests,
    LimitOutput,
    LockCells,
    OverwriteCells,
    OverwriteKernelspec,
    SaveCells,
)

# nbgrader's own commands do not have the course root on their path.
sys.path.insert(0, str(Path(__file__).parent))
from autograder.course.addresses import final_address
from autograder.nbgrader_bridge import find_alembic
from autograder.nbgrader_plugins import (
    BoxedExecute,
    CollapseTests,
    FormgraderPage,
    GoOnPastErrors,
    LatePenalty,
    MessagesOnly,
    RepairSubmission,
    SaveMarks,
    SettleLateWork,
    SubmissionReader,
)
from autograder.release.standing_alone import FIGURES, StandAlone
from course_utils.exercises import NO_TEXT, STUB

find_alembic()
c = get_config()  # noqa: F821 - nbgrader provides it

c.CourseDirectory.course_id = "convnets"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "notebooks"
# These travel with no notebook; a unit's figures stand in the released notebook itself.
c.CourseDirectory.ignore = [".ipynb_checkpoints", "__pycache__", "*.pyc", ".*", FIGURES]
c.CourseDirectory.max_file_size = 20_000  # kB

# The gradebook: a file of SQLite, or "postgresql://user@host/database". NBGRADER_DB_URL, where it is set, counts
# instead: a password belongs in no file of the course.
c.CourseDirectory.db_url = "sqlite:///gradebook.db"
c.CourseDirectory.db_url = final_address(c.CourseDirectory.db_url, Path(__file__).parent)

c.ClearSolutions.code_stub = {"python": f'# YOUR CODE HERE\nraise NotImplementedError("{STUB}")'}
c.ClearSolutions.text_stub = NO_TEXT

# nbgrader's own, between ours. The whole list, since its commands read this file twice: what is added would be doubled.
c.GenerateAssignment.preprocessors = [
    StandAlone,
    IncludeHeaderFooter,
    InstantiateTests,
    LockCells,
    ClearSolutions,
    ClearOutput,
    CheckCellMetadata,
    ComputeChecksums,
    SaveCells,
    ClearHiddenTests,
    ClearMarkScheme,
    ComputeChecksums,
    CheckCellMetadata,
    CollapseTests,
    GoOnPastErrors,
]
# Where pip finds the course on a computer that has none, as on Colab: the address of your students' zip, such as
# "https://www.example.org/convnet-course.zip". Then release once more.
c.StandAlone.address = ""

# The Validate button, and `nbgrader validate`, give a cell the time that the grader gives it, as at the students'.
load_subconfig("nbgrader_config.py", path=str(Path(__file__).parent / "course_utils" / "lab_config"))  # noqa: F821

# What was handed in is read and repaired as `make grade` does it.
c.Autograde.exporter_class = SubmissionReader
c.Autograde.sanitize_preprocessors = [
    ClearOutput,
    RepairSubmission,
    DeduplicateIds,
    OverwriteKernelspec,
    OverwriteCells,
    CheckCellMetadata,
]
# Students' code runs in the box. Without one on this machine: --BoxedExecute.sandbox=False, at your own risk.
c.Autograde.autograde_preprocessors = [
    BoxedExecute,
    IgnorePattern,
    ClearMetadataPreprocessor,
    LimitOutput,
    SaveMarks,
    SettleLateWork,
    AssignLatePenalties,
    CheckCellMetadata,
]
# The rule itself is kept by `grade --late` in late.json: a change of this file makes every notebook run again.
c.AssignLatePenalties.plugin_class = LatePenalty

# Feedback shows marks and messages; the hidden tests stay hidden.
c.GenerateFeedback.preprocessors = [GetGrades, MessagesOnly, CSSHTMLHeaderPreprocessor]

# The formgrader's page of a submission.
c.HTMLExporter.preprocessors = [FormgraderPage]
