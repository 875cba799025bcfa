"""Files that are written whole or not at all, and read the same on every system, and which of them are caches.

All but the last is on the students' side too, so it stands there.
"""

from __future__ import annotations

from pathlib import Path

from course_utils.files import exclusive, portable_bytes, write_bytes, write_text

__all__ = ["exclusive", "is_scratch", "portable_bytes", "write_bytes", "write_text"]


def is_scratch(path: Path) -> bool:
    """Whether a file is a cache that Python or Jupyter left behind."""
    return any(part in ("__pycache__", ".ipynb_checkpoints") for part in path.parts)
