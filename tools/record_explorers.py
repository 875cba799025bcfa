"""Record docs/images/explorers.gif and explorers.png: explorers at work, as the README's first screen shows them.

Run it as ``python -m tools.record_explorers``. It needs a browser, as the browser tests do.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

from PIL import Image

from course_utils import explorers
from tests.browser import explorer_page
from tests.chromium import FLAGS, NONE_THERE, find_browser

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
SIZE = {"width": 860, "height": 400}
COLOURS = 48
# Milliseconds: of a step, and of a picture that is to be read.
STEP, READ = 450, 1500

Frame = tuple[bytes, int]


def convolution(page, shot: Callable[[int], Frame]) -> Iterator[Frame]:
    """The window goes over the picture, the stride makes the output small, a pixel shows what it feeds."""
    picture = [[0, 0, 1, 2, 2], [0, 1, 3, 2, 1], [1, 3, 4, 1, 0], [2, 3, 1, 0, 0], [2, 1, 0, 0, 1]]
    explorer_page.show(page, explorers.convolution(picture, [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]))
    yield shot(READ)
    for _ in range(5):
        page.get_by_role("button", name="next").click()
        yield shot(STEP)
    for value in ("2", "3", "4"):
        page.get_by_label("picture[1, 2]", exact=True).fill(value)
        yield shot(STEP)
    yield shot(READ)
    page.get_by_role("slider", name="stride", exact=True).fill("2")
    yield shot(READ)
    page.get_by_role("slider", name="padding", exact=True).fill("1")
    yield shot(READ)
    for place in ("output[0, 1]", "output[1, 1]", "output[2, 2]"):
        page.get_by_role("gridcell", name=place).hover()
        yield shot(STEP)
    page.get_by_label("picture[2, 2]", exact=True).hover()
    yield shot(READ)


SCENES = [convolution]


def record() -> list[Frame]:
    """Every scene's pictures, each with how long it stands, in milliseconds."""
    from playwright.sync_api import sync_playwright

    path = find_browser()
    if path is None:
        raise SystemExit(NONE_THERE)
    frames = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        page = browser.new_page(viewport=SIZE)
        for scene in SCENES:
            frames += scene(page, lambda milliseconds: (page.screenshot(), milliseconds))
        browser.close()
    return frames


def main() -> None:
    """Write the animated picture, and its first one for who wants nothing to move."""
    frames = record()
    pictures = [Image.open(io.BytesIO(data)).convert("RGB").quantize(COLOURS) for data, _ in frames]
    pictures[0].save(IMAGES / "explorers.png", optimize=True)
    durations = [milliseconds for _, milliseconds in frames]
    pictures[0].save(
        IMAGES / "explorers.gif", save_all=True, append_images=pictures[1:], duration=durations, loop=0, optimize=True
    )
    for name in ("explorers.gif", "explorers.png"):
        print(f"{name}: {(IMAGES / name).stat().st_size / 1e6:.2f} MB, {len(frames)} pictures")


if __name__ == "__main__":
    main()
