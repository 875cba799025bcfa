"""Grade students' notebooks: ``python -m autograder --help``."""

import sys
from pathlib import Path

# The course root is the folder that holds this package, wherever the command is called from.
ROOT = Path(__file__).resolve().parent.parent

# nbformat imports jsonschema, which builds a grammar of international web addresses where it finds this module: a
# second of each command, for a format in no notebook's schema. None in its place: to Python it is not installed.
sys.modules.setdefault("rfc3987_syntax", None)
