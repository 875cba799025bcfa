"""The grader's own pictures, for a test that measures with them as a judge does."""

import contextlib

from autograder.sandbox.sandbox import JUDGING_IMAGES
from course_utils.data.judging import use_judging_file


@contextlib.contextmanager
def judging_images():
    """Within, `data.load_judging` gives the grader's pictures."""
    with JUDGING_IMAGES.open("rb") as file:
        use_judging_file(file.fileno())
        try:
            yield
        finally:
            use_judging_file(None)
