"""The old place of the trials, for notebooks that were released with it: they are in `course_utils.checks`."""

from course_utils.checks import EvaluationTrial as EvaluationTrial
from course_utils.checks import TrainingTrial as TrainingTrial
