"""Debian's package with all of FashionMNIST."""

from pathlib import Path

import pytest

DEBIAN = Path("/usr/share/datasets")
needs_debian = pytest.mark.skipif(
    not (DEBIAN / "fashion-mnist").is_dir(), reason="needs Debian's package dataset-fashion-mnist"
)
