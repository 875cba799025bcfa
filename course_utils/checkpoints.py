"""The old place of the checkpoints, for notebooks that were released with it: they are in `course_utils.training`."""

from course_utils.training import read_checkpoint as read_checkpoint
from course_utils.training import write_checkpoint as write_checkpoint
