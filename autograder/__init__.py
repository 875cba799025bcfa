"""Grade students' notebooks: ``python -m autograder --help``."""

from pathlib import Path

# The course root is the folder that holds this package, wherever the command is called from.
ROOT = Path(__file__).resolve().parent.parent
