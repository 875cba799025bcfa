"""nbgrader's Validate, for real: an answer may warn, a wrong one still fails."""

import io

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.validator import Validator

from tests.autograder.demo_course import cell

pytestmark = pytest.mark.real_path

KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
NOISY = """import logging, sys, warnings
from tqdm import tqdm
def double(x):
    print("noise", file=sys.stderr)
    warnings.warn("noise")
    logging.warning("noise")
    for _ in tqdm(range(2)):
        pass
    return {factor} * x"""
TEST = "from course_utils.checks import check_equal\ncheck_equal(double(2), 4, 'double(2)')"


@pytest.mark.parametrize(("factor", "says"), [(2, "Success!"), (3, "double(2) is not right")])
def test_validate_looks_at_the_answer_and_not_at_its_noise(tmp_path, factor, says):
    task = cell(new_code_cell, "double", NOISY.format(factor=factor), solution=True)
    graded = cell(new_code_cell, "double-plain", TEST, grade=True, locked=True, points=1)
    path = tmp_path / "noisy.ipynb"
    nbformat.write(new_notebook(cells=[task, graded], metadata=KERNEL), path)
    said = io.StringIO()
    validator = Validator()
    validator.stream = said
    validator.validate_and_print(str(path))
    assert says in said.getvalue()
    assert ("Success!" in said.getvalue()) == (factor == 2)
