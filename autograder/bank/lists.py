"""The lists of a unit's bank: mutants and graded cells that need a reason to be let pass."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any


def read_list(path: Path) -> dict[str, Any]:
    """What a list says; nothing where there is none.

    Raises:
        ValueError: it is not TOML.
    """
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{path}: {error}") from error
