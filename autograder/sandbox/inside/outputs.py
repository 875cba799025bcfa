"""A cell's outputs, caught in order and capped: what it prints, shows and raises."""

from __future__ import annotations

import json
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher

MAX_OUTPUT = 4 * 2**20  # characters of one cell's outputs
MAX_OUTPUTS = 1000  # separate outputs of one cell


class Outputs:
    """The outputs of the cell that runs now, capped in number and size."""

    def __init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Forget what was caught: a new cell begins."""
        self.items: list[dict] = []
        self.size = 0
        self.cut = False
        self.displays: dict[str, dict] = {}

    def take(self) -> list[dict]:
        """What the cell gave, in order, in the notebook format."""
        return self.items

    def add(self, output: dict) -> None:
        """Keep an output, unless the cell has given too much; an error is always kept."""
        size = len(json_line(output))
        if self.cut and output["output_type"] != "error":
            return
        if self.size + size > MAX_OUTPUT or len(self.items) >= MAX_OUTPUTS:
            self.cut = True
            self.items.append(stream_output("stdout", "\n[output cut: more than 4 MB or 1,000 outputs in one cell]\n"))
            if output["output_type"] != "error":
                return
            output = error_output(output["ename"], output["evalue"][:2000])
        self.size += size
        self.items.append(output)

    def write(self, name: str, text: str) -> None:
        """Keep text of the stream `name`, in one output with what came just before."""
        last = self.items[-1] if self.items else {}
        if last.get("output_type") == "stream" and last["name"] == name and not self.cut:
            room = MAX_OUTPUT - self.size
            last["text"] += text[:room]
            self.size += len(text)
            if len(text) > room:
                self.add(stream_output(name, text))
        elif text:
            self.add(stream_output(name, text))


class Stream:
    """Stands in for sys.stdout and sys.stderr while a cell runs."""

    encoding = "utf-8"
    errors = "strict"

    def __init__(self, outputs: Outputs, name: str):
        self._outputs, self.name = outputs, f"<{name}>"
        self._stream = name

    def write(self, text: str) -> int:
        """As in every stream."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._outputs.write(self._stream, text)
        return len(text)

    def writelines(self, lines) -> None:
        """As in every stream."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """There is nothing to flush."""

    def isatty(self) -> bool:
        """It is no terminal."""
        return False

    def writable(self) -> bool:
        """As in every stream that is written."""
        return True


class Publisher(DisplayPublisher):
    """Catches what `display` shows: figures, HTML, progress bars."""

    outputs: Any = None

    def publish(self, data, metadata=None, *, transient=None, update=False, **kwargs) -> None:
        """IPython calls this with each thing to show, or to show anew."""
        output = {"output_type": "display_data", "data": _jsonable(data), "metadata": metadata or {}}
        name = (transient or {}).get("display_id")
        if update and name in self.outputs.displays:
            shown = self.outputs.displays[name]
            self.outputs.size += len(json_line(output)) - len(json_line(shown))
            if self.outputs.size <= MAX_OUTPUT:
                shown.update(output)
            return
        self.outputs.add(output)
        if name and self.outputs.items and self.outputs.items[-1] is output:
            self.outputs.displays[name] = output

    def clear_output(self, wait: bool = False) -> None:
        """Forget what the cell has given so far."""
        self.outputs.items.clear()
        self.outputs.size = 0


class Hook(DisplayHook):
    """Catches the value of a cell's last expression."""

    outputs: Any = None

    def write_output_prompt(self) -> None:
        """There is no prompt."""

    def write_format_data(self, format_dict, md_dict=None) -> None:
        """IPython calls this with the value in all its forms."""
        self.outputs.add(
            {
                "output_type": "execute_result",
                "data": _jsonable(format_dict),
                "metadata": md_dict or {},
                "execution_count": self.prompt_count,
            }
        )

    def finish_displayhook(self) -> None:
        """There is nothing to finish."""


def error_output(name: str, value: str, lines: list[str] | None = None) -> dict:
    """An error in the notebook format, cut to a readable size; `lines` are its traceback."""
    cut = [str(line)[:20_000] for line in (lines or [f"{name}: {value}"])][-100:]
    return {"output_type": "error", "ename": str(name)[:200], "evalue": value[:20_000], "traceback": cut}


def stream_output(name: str, text: str) -> dict:
    """Printed text in the notebook format."""
    return {"output_type": "stream", "name": name, "text": text}


def json_line(message: dict) -> bytes:
    """A line of JSON. An object can show itself as something that JSON has no form for."""
    return json.dumps(message, default=str, skipkeys=True).encode() + b"\n"


def _jsonable(data: dict) -> dict:
    """Display data with bytes, as of pictures, in base64, as the notebook format wants it."""
    import base64

    return {
        kind: base64.b64encode(value).decode() if isinstance(value, bytes) else value for kind, value in data.items()
    }
