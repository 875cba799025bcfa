"""A course of one small unit, so that the grader's mechanics are tested in seconds."""

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.grading.submissions import Options
from autograder.sandbox import outer_wall

# On machines without a sandbox the tests' own, honest submissions run without one.
OPTIONS = Options(jobs=1, sandbox=not outer_wall.problem())
UNIT = "00-demo"


def cell(new_cell, name: str, source: str, **mark) -> nbformat.NotebookNode:
    """A cell of the course: `mark` is what nbgrader knows of it besides its id."""
    nbgrader = {"schema_version": 3, "grade": False, "solution": False, "locked": False, "task": False} | mark
    return new_cell(source, id=name, metadata={"nbgrader": nbgrader | {"grade_id": name}})


def demo_notebook() -> nbformat.NotebookNode:
    """Two exercises with a plain and a hard graded cell each, and a written question."""
    cells = [
        new_markdown_cell("# Demo", id="title"),
        new_code_cell("import math", id="imports"),
    ]
    for name, factor in (("double", 2), ("double_all", 3)):
        task = f"def {name}(x):\n    ### BEGIN SOLUTION\n    return {factor} * x\n    ### END SOLUTION"
        cells.append(cell(new_code_cell, name, task, solution=True))
        for what, number in (("plain", 1), ("hard", 10)):
            test = (
                f"# Looks at: the {what} case\n"
                "from course_utils.checks import check_equal\n"
                f"check_equal({name}({number}), {factor * number}, '{name}({number})')\n"
                "### BEGIN HIDDEN TESTS\n"
                f"check_equal({name}({number} + 1), {factor * (number + 1)}, '{name}', likely={{'SECRET': {number}}})\n"
                "### END HIDDEN TESTS"
            )
            cells.append(cell(new_code_cell, f"{name}-{what}", test, grade=True, locked=True, points=1))
    written = "### BEGIN SOLUTION\nThe rubric.\n### END SOLUTION"
    cells.append(cell(new_markdown_cell, "written", written, grade=True, solution=True, points=2))
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}}
    return new_notebook(cells=cells, metadata=kernel)


RIGHT = {"double": "def double(x):\n    return x + x", "double_all": "def double_all(x):\n    return x * 3"}
