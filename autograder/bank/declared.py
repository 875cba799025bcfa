"""What an answer of the bank says of itself: which graded cells it loses, and by which words its mistake is named."""

from __future__ import annotations

import re


def declared_losses(answer: str) -> list[str]:
    """The graded cells that an answer of the bank says it loses; none if it does not say."""
    declared = re.search(r"^# loses: (.+)$", answer, flags=re.MULTILINE)
    return [name.strip() for name in declared[1].split(",")] if declared else []


def declared_causes(answer: str) -> list[str]:
    """Words by which a message rightly names the answer's mistake: its lines ``# cause: words``."""
    return [words.strip() for words in re.findall(r"^# cause: (.+)$", answer, flags=re.MULTILINE)]
