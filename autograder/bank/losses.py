"""Which graded cells an answer of the bank says it loses."""

from __future__ import annotations

import re


def declared_losses(answer: str) -> list[str]:
    """The graded cells that an answer of the bank says it loses; none if it does not say."""
    declared = re.search(r"^# loses: (.+)$", answer, flags=re.MULTILINE)
    return [name.strip() for name in declared[1].split(",")] if declared else []
