"""Draw docs/images/architecture.svg: the rooms of both packages and who imports whom, as the code has it.

Run it as ``python tools/draw_architecture.py``. Rooms and arrows are read from the code; their places are said here.
"""

from __future__ import annotations

import ast
import html
import textwrap
from itertools import accumulate, pairwise
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "images" / "architecture.svg"

# The floors of the autograder, from the ground up: a room imports only from floors below its own.
FLOORS = [["files", "course"], ["nbgrader_bridge"], ["release"], ["sandbox"], ["bank"], ["grading"]]
FLOORS += [["cluster", "intake", "reports"]]
FLOORS += [["nbgrader_plugins", "__main__"]]
INSIDE = "autograder.sandbox.inside"
# Three modules that are one room in the picture.
OLD_NAMES = ("course_utils.trials", "course_utils.live", "course_utils.checkpoints")
OLD = ", ".join(name.rpartition(".")[2] for name in OLD_NAMES)

# Where the first sentence of a room's docstring is too long for its box.
SHORT = {
    OLD: "their old names",
    "course_utils.checks": "everything that judges an answer",
    "course_utils.corrections": "begun units",
    "course_utils.data": "the pictures of the course",
    "course_utils.exercises": "whose each cell is",
    "course_utils.explorers": "things to touch",
    "course_utils.files": "whole or not at all",
    "course_utils.lab": "make lab",
    "course_utils.model_copies": "a copy of a model to work on",
    "course_utils.operations": "what a pass does, and a limit",
    "course_utils.plots": "figures that anybody can read",
    "course_utils.progress": "what is done, what comes next",
    "course_utils.questions": "predict",
    "course_utils.receptive_field": "which pixels a unit of a network can see",
    "course_utils.session": "what ran, what is open",
    "course_utils.shapes": "shapes, and why they do not fit",
    "course_utils.tables": "one table, as text and as HTML",
    "course_utils.training": "fit, and what it leans on",
    "course_utils.validate": "button",
    "autograder.files": "whole or not at all",
    "autograder.nbgrader_bridge": "nbgrader, configured as the course is",
    "autograder.release": "from the sources to what students get",
    INSIDE: "the box: of the autograder, only this is seen in there",
    "autograder.bank": "right and wrong answers to each exercise",
    "autograder.cluster": "on Dask",
    "autograder.intake": "downloads",
    "autograder.reports": "to read",
    "autograder.nbgrader_plugins": "our places in it",
    "autograder.__main__": "the instructors' commands",
}


class Box(NamedTuple):
    """A room's place in the picture: its left, upper, right and lower edge."""

    x: float
    y: float
    right: float
    bottom: float


def _places() -> dict[str, Box]:
    """Where each room stands: course_utils in rows, the autograder as stairs, so that every floor shows its edge."""
    places = {OLD: Box(22, 78, 178, 124), "course_utils.corrections": Box(324, 78, 414, 124)}
    places |= {"course_utils.lab": Box(400, 20, 478, 62), "course_utils.validate": Box(258, 78, 318, 124)}
    places["course_utils.questions"] = Box(184, 78, 254, 124)
    places["course_utils.files"] = Box(361, 476, 454, 552)
    places["course_utils.explorers"] = Box(48, 142, 186, 186)
    rows = {212: ("receptive_field", "shapes", "training", "progress")}
    rows |= {372: ("model_copies", "operations", "tables", "checks"), 572: ("plots", "data", "session", "exercises")}
    for y, names in rows.items():
        shares = [max(len(name), 11) for name in names]  # a long name needs a wider box
        edges = [48 + round(414 * part / sum(shares)) for part in accumulate(shares, initial=0)]
        boxes = [Box(left, y, right - 8, y + 84) for left, right in pairwise(edges)]
        places |= {f"course_utils.{name}": box for name, box in zip(names, boxes, strict=True)}
    x, bottom = 638, 676
    for floor in FLOORS[:-1]:
        top = bottom - {"course": 58, "sandbox": 134}.get(floor[-1], 44)
        places[f"autograder.{floor[-1]}"] = Box(x, top, 1014, bottom)
        x, bottom = x + 26, top - 18
    # The ground floor and the two highest have several rooms, side by side.
    reports = places["autograder.reports"]
    places["autograder.reports"] = reports._replace(right=reports.x + 62)
    places["autograder.intake"] = reports._replace(x=reports.x + 68, right=reports.x + 143)
    places["autograder.cluster"] = reports._replace(x=reports.x + 149)
    places["autograder.files"] = Box(536, 618, 628, 676)
    places["autograder.__main__"] = Box(536, 78, 880, 122)
    places["autograder.nbgrader_plugins"] = Box(886, 78, 1014, 122)
    outer = places["autograder.sandbox"]
    return places | {INSIDE: Box(outer.x + 14, outer.y + 62, outer.right - 14, outer.bottom - 12)}


PLACES = _places()


def _room_of(module: str) -> str:
    """The room that a module, or a name in a module, lies in; for anything else, a name that no room has."""
    if module in OLD_NAMES:
        return OLD
    return INSIDE if f"{module}.".startswith(f"{INSIDE}.") else ".".join(module.split(".")[:2])


def rooms() -> dict[str, list[ast.Module]]:
    """Every room of both packages with its code, the room's own docstring first.

    Raises:
        ValueError: a room of the code has no place in the picture, or the other way round.
    """
    found: dict[str, list[ast.Module]] = {}
    for package in ("course_utils", "autograder"):
        for path in sorted((ROOT / package).rglob("*.py"), key=lambda path: (path.name != "__init__.py", path)):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            if name != package and (path.parent / "__init__.py").is_file():  # lab_config is settings, no room
                found.setdefault(_room_of(name), []).append(ast.parse(path.read_text(encoding="utf-8")))
    if different := found.keys() ^ PLACES.keys():
        raise ValueError(f"in the code or in the picture, but not in both: {', '.join(sorted(different))}")
    return found


def arrows() -> list[tuple[str, str]]:
    """Who imports whom: pairs of rooms, wherever in a file the import stands."""
    found = set()
    for room, files in rooms().items():
        for node in (node for file in files for node in ast.walk(file)):
            if isinstance(node, ast.Import):
                found |= {(room, _room_of(alias.name)) for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                found |= {(room, _room_of(f"{node.module}.{alias.name}")) for alias in node.names}
    return sorted(pair for pair in found if pair[1] in PLACES and pair[0] != pair[1])


def _way(source: str, target: str, pairs: list[tuple[str, str]]) -> str:
    """An arrow's way, as the data of an SVG path."""
    a, b = PLACES[source], PLACES[target]
    theirs = [s for s, t in pairs if t == target and s.startswith("autograder.")]
    if target == INSIDE:  # a room in a room
        return f"M{b.x + 40} {a.y + 42}V{b.y - 4}"
    if target.startswith("autograder."):  # to each target one line comes down, and others turn into it
        x = b.x + (46 if target == "autograder.files" else 14)
        if a.x < x < a.right:
            return f"M{x} {a.bottom}V{b.y - 1}"
        if x >= a.right:
            return f"M{a.right - 20} {a.bottom}v12q0 8 8 8H{x - 8}q8 0 8 8V{b.y - 1}"
        right_of_one = source.endswith(("_plugins", "intake", "cluster"))
        start = f"M{a.x + 20} {a.bottom}v4q0 8-8 8" if right_of_one else f"M{a.x} {a.y + 16}"
        return f"{start}H{x + 8}q-8 0-8 8V{b.y - 1}"
    if source in theirs:  # between the packages each target has a line of its own, too
        across = sorted({t for s, t in pairs if s.startswith("autograder.") and not t.startswith("autograder.")})
        start = f"M{a.x - 3 * (source == INSIDE)} {a.bottom - 12}"
        right_of_one = ("autograder.intake", "autograder.cluster")
        if a.bottom == PLACES["autograder.files"].bottom or source in right_of_one:  # beneath the room at its left
            start = f"M{a.x + 20} {a.bottom}v6"
        start += f"H{512 - 12 * across.index(target)}"
        if b.right > 430:
            return f"{start}V{b.y + 18 + 14 * theirs.index(source)}H{b.right + 1}"
        return f"{start}V{min(b.bottom + 40, 674)}H{(b.x + b.right) / 2:g}V{b.bottom + 1}"  # within the frame
    if a.y == b.y:  # side by side
        return f"M{a.x} {a.y + 26}H{b.right + 1}" if b.x < a.x else f"M{a.right} {a.y + 26}H{b.x - 1}"
    if a.y > b.y:  # the row above
        begin, end = a.right - 24, b.x + 24
        return f"M{begin} {a.y}C{begin} {a.y - 16} {end} {b.bottom + 16} {end} {b.bottom + 1}"
    if b.y - a.bottom > 150:  # past the row between, at the side
        x = 466 if b.x > 200 else 30 if source == OLD else 39
        start = f"M{x} {a.bottom}" if source == OLD else f"M{a.right if x > a.right else a.x} {a.y + 42}H{x}"
        return f"{start}V{b.y + 64}H{b.x - 1 if b.x > x else b.right + 1}"
    near = [s for s, t in pairs if t == target and s not in theirs and 0 < b.y - PLACES[s].bottom <= 150]
    place = (near.index(source) + 1) / (len(near) + 1) if source in near else 0.5
    end = f"{b.x + (b.right - b.x) * place:g}"
    begin = end if source == OLD else f"{(a.x + a.right) / 2:g}"
    return f"M{begin} {a.bottom}C{begin} {a.bottom + 50} {end} {b.y - 55} {end} {b.y - 1}"


def _drawn(room: str, files: list[ast.Module]) -> str:
    """A room's box with its name and, beneath, the first sentence of its docstring or the shorter one from here."""
    box = PLACES[room]
    sentence = " ".join((ast.get_docstring(files[0]) or "").split()).partition(". ")[0].replace("`", "").rstrip(".")
    line = SHORT.get(room) or sentence[:1].lower() + sentence[1:]
    size = f'x="{box.x}" y="{box.y}" width="{box.right - box.x}" height="{box.bottom - box.y}" rx="7"'
    texts = f'<text class="name" x="{box.x + 9}" y="{box.y + 18}">{html.escape(room.rpartition(".")[2])}</text>'
    for number, part in enumerate(textwrap.wrap(line, int((box.right - box.x - 12) / 6.4))):
        texts += f'<text x="{box.x + 9}" y="{box.y + 34 + 15 * number}">{html.escape(part)}</text>'
    return f'<rect class="{"wall" if room == INSIDE else "room"}" data-room="{room}" {size}/>{texts}'


FRAME = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1040 720" width="1040" height="720" role="img"
 aria-labelledby="title desc">
<title id="title">The rooms of course_utils and autograder, and who imports whom</title>
<desc id="desc">On the left course_utils, on the right the floors of autograder. {said}.</desc>
<style>
text {{ font: 11.5px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; fill: #1f2933 }}
.name {{ font-weight: 700; font-size: 11px }} .package {{ font-weight: 700; font-size: 18px }}
.block {{ fill: #ffffff; stroke: #b8c2cc }} .room {{ fill: #eef3f8; stroke: #52667a }}
.wall {{ fill: #fff6dd; stroke: #1f2933; stroke-width: 5 }}
.arrow {{ fill: none; stroke: #63788c; stroke-width: 2; marker-end: url(#head) }}
.across {{ stroke: #a85a10; stroke-dasharray: 6 3; marker-end: url(#head-across) }}
</style>
<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"
 markerUnits="userSpaceOnUse"><path d="M0 0 8 4 0 8z" fill="#3d5266"/></marker>
<marker id="head-across" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"
 markerUnits="userSpaceOnUse"><path d="M0 0 8 4 0 8z" fill="#9a4a00"/></marker></defs>
<rect width="1040" height="720" fill="#f7f8fa"/>
<rect class="block" x="12" y="12" width="476" height="676" rx="12"/>
<rect class="block" x="522" y="12" width="506" height="676" rx="12"/>
<text class="package" x="26" y="40">course_utils</text><text x="26" y="59">what the notebooks import</text>
<text class="package" x="536" y="40">autograder</text>
<text x="536" y="59">in floors: a room imports only from floors below it</text>
<text x="14" y="707">An arrow goes from the room that imports to the room that it imports. Broken lines lead
 from the autograder into course_utils. Lines that cross without a turn do not meet.</text>
{parts}
</svg>
"""


def picture() -> str:
    """The whole picture as SVG."""
    known, pairs = rooms(), arrows()
    parts = [_drawn(room, known[room]) for room in PLACES]
    for source, target in pairs:
        across = " across" * (source.startswith("autograder.") != target.startswith("autograder."))
        edge = f'data-from="{source}" data-to="{target}" d="{_way(source, target, pairs)}"'
        parts.append(f'<path class="arrow{across}" {edge}/>')
    said = {source: ", ".join(t for s, t in pairs if s == source) for source, _ in pairs}
    return FRAME.format(said="; ".join(f"{s} imports {t}" for s, t in said.items()), parts="\n".join(parts))


if __name__ == "__main__":
    PICTURE.write_text(picture(), encoding="utf-8", newline="\n")
    print(f"{PICTURE.relative_to(ROOT)}: {len(PLACES)} rooms, {len(arrows())} arrows")
