"""What a block of a cell prints and shows, kept in order, to be shown later in another place."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from typing import Any

from IPython import get_ipython
from IPython.core.displaypub import DisplayPublisher
from IPython.display import display
from markupsafe import escape

Output = dict[str, Any]  # forms of one output, as a notebook has them: {"text/plain": ..., "text/html": ...}


class Captured:
    """The outputs of a block: `forms` has one for each thing shown, and one for the text printed between two."""

    def __init__(self) -> None:
        self.forms: list[Output] = []
        self.stream = io.StringIO()

    def end_of_text(self) -> None:
        """What was printed until now becomes an output."""
        text = self.stream.getvalue()
        if text:
            self.forms.append({"text/plain": text.removesuffix("\n"), "printed": text})
            self.stream.seek(0)
            self.stream.truncate()

    def add(self, data: Output) -> None:
        """Something was shown."""
        self.end_of_text()
        self.forms.append(data)

    def replay(self) -> None:
        """Print and show it all, as it would have been."""
        for forms in self.forms:
            if "printed" in forms:
                print(forms["printed"], end="")
            else:
                display(forms, raw=True)

    def to_html(self) -> str:
        """All outputs, one beneath the other."""
        return "".join(map(_as_html, self.forms))

    def to_text(self) -> str:
        """The same for a terminal."""
        return "\n".join(str(forms.get("text/plain", "")) for forms in self.forms)


class _Keeper(DisplayPublisher):
    """Takes what `display` shows."""

    captured: Captured

    def publish(self, data: Output, metadata: Any = None, **_: Any) -> None:
        """IPython calls this with each thing to show."""
        self.captured.add(dict(data))


@contextmanager
def captured() -> Iterator[Captured]:
    """Keep what the block prints and shows; warnings and progress bars, which go to the error stream, pass through."""
    kept, shell = Captured(), get_ipython()
    publisher = getattr(shell, "display_pub", None)
    if shell is not None:
        shell.display_pub = _Keeper()
        shell.display_pub.captured = kept
    try:
        with redirect_stdout(kept.stream):
            yield kept
    finally:
        if shell is not None:
            shell.display_pub = publisher
        kept.end_of_text()


def _as_html(forms: Output) -> str:
    if "text/html" in forms:
        return f"<div>{forms['text/html']}</div>"
    text = escape(forms.get("text/plain", ""))
    for kind in ("image/png", "image/jpeg"):
        if kind in forms:
            data = forms[kind]
            data = data if isinstance(data, str) else base64.b64encode(data).decode()
            return f'<div><img alt="{text}" src="data:{kind};base64,{data}"></div>'
    return f"<pre>{text}</pre>"
