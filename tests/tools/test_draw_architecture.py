"""The picture of the rooms: that it shows the code as it is, and can be read."""

import importlib.util
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

_path = Path(__file__).parents[2] / "tools" / "draw_architecture.py"
_spec = importlib.util.spec_from_file_location("draw_architecture", _path)
draw_architecture = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(draw_architecture)

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def drawn():
    return ET.fromstring(draw_architecture.PICTURE.read_text(encoding="utf-8"))


def boxes(drawn):
    return {box.get("data-room"): box for box in drawn.iter(f"{SVG}rect") if box.get("data-room")}


def arrows(drawn):
    return [(path.get("data-from"), path.get("data-to")) for path in drawn.iter(f"{SVG}path") if path.get("data-from")]


def test_the_picture_is_what_the_code_gives_now():
    kept = draw_architecture.PICTURE.read_text(encoding="utf-8")
    assert kept == draw_architecture.picture(), "run: python tools/draw_architecture.py"


def test_it_says_what_there_is_to_see(drawn):
    assert drawn.get("role") == "img"
    names = drawn.get("aria-labelledby").split()
    said = {part.get("id"): part.text for part in drawn if part.tag in (f"{SVG}title", f"{SVG}desc")}
    assert all(said[name].strip() for name in names)
    assert all(source in said["desc"] and target in said["desc"] for source, target in arrows(drawn))


def test_no_arrow_leads_up(drawn):
    places, own = boxes(drawn), [pair for pair in arrows(drawn) if all(room.startswith("autograder.") for room in pair)]
    floors = {f"autograder.{room}": height for height, floor in enumerate(draw_architecture.FLOORS) for room in floor}
    floors[draw_architecture.INSIDE] = floors["autograder.sandbox"] - 0.5
    assert own
    for source, target in own:
        assert floors[source] > floors[target], f"{source} imports {target}, which does not stand on a floor below"
        assert float(places[source].get("y")) < float(places[target].get("y"))


def test_no_arrow_leads_where_none_may(drawn):
    for source, target in arrows(drawn):
        if target.startswith("autograder."):
            assert source.startswith("autograder."), "course_utils never imports the autograder"
            assert source != draw_architecture.INSIDE, "the box sees nothing else of the autograder"
        assert source != "course_utils.checks", "what judges an answer stands in one room"


def test_the_texts_lie_in_their_boxes(drawn):
    bottom = None
    for part in drawn:
        if part.get("data-room"):
            bottom = float(part.get("y")) + float(part.get("height"))
        elif part.tag == f"{SVG}text" and bottom is not None:
            assert float(part.get("y")) < bottom - 4, f"{part.text!r}: say it shorter, in SHORT"


def test_a_room_without_a_place_is_an_error(monkeypatch):
    fewer = {room: box for room, box in draw_architecture.PLACES.items() if room != "course_utils.tables"}
    monkeypatch.setattr(draw_architecture, "PLACES", fewer)
    with pytest.raises(ValueError, match=r"not in both: course_utils\.tables"):
        draw_architecture.rooms()
