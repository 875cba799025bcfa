"""What the source notebooks say to the grader."""

from nbformat.v4 import new_code_cell, new_notebook

from autograder.course.skipping import TAG
from autograder.course.units import import_lines, modules_to_load
from tests.autograder.demo_course import cell


def test_the_imports_are_those_of_the_given_cells():
    cells = [
        new_code_cell("import torch\nfrom torch import nn\nx = 1\n%matplotlib inline"),
        cell(new_code_cell, "double", "import secret", solution=True),
        cell(new_code_cell, "double-plain", "import hidden", grade=True, locked=True),
        new_code_cell("import torch\nif x:\n    import inner"),
        new_code_cell("import shown", metadata={"tags": [TAG]}),
    ]
    assert import_lines(new_notebook(cells=cells)) == "import torch\nfrom torch import nn"


def test_a_module_that_is_imported_from_another_is_named_too():
    notebook = new_notebook(cells=[new_code_cell("import json.tool\nfrom torchvision.transforms import v2")])
    assert modules_to_load(notebook) == {"json.tool", "torchvision.transforms", "torchvision.transforms.v2"}


def test_what_only_a_demonstration_imports_is_not_loaded():
    demonstration = new_code_cell("import seaborn\ntorch.optim.SGD", metadata={"tags": [TAG]})
    assert modules_to_load(new_notebook(cells=[new_code_cell("import torch"), demonstration])) == {"torch"}
