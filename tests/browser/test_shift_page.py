"""The page of `explorers.shift` by itself: its shifts and answers, its maps, by mouse and by keyboard."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional as F

from course_utils.explorers import shift
from tests.browser import explorer_page

CLASSES = ["Bag", "Shirt", "Coat"]
SHIFT = "([numbers, shape, by]) => Array.from(explorer.shifted(numbers, shape, by))"
BUILD = """models => {
  window.networks = Object.fromEntries(models.map(({ name, nodes }) => [name, new explorer.Network(nodes)]));
}"""
ANSWER = """([name, numbers, by]) =>
  explorer.softmax(networks[name].forward(explorer.shifted(numbers, [28, 28], by)).at(-1))"""
# the squares of a map: blue is right, grey is wrong
MAP = """canvas => {
  const { data } = canvas.getContext('2d').getImageData(0, 0, 17, 17);
  return Array.from({ length: 17 }, (_, i) => Array.from({ length: 17 }, (_, j) => data[4 * (17 * i + j)] === 33));
}"""
COUNT_PAINTED_MAPS = """() => {
  const { putImageData } = CanvasRenderingContext2D.prototype;
  window.painted = 0;
  CanvasRenderingContext2D.prototype.putImageData = function (image, ...place) {
    window.painted += image.width === 17;
    putImageData.call(this, image, ...place);
  };
}"""
# the smallest of 20 times of a move, in milliseconds; each shift is a new one
FASTEST = """canvas => Math.min(...Array.from({ length: 20 }, (_, n) => {
  const begin = performance.now(), key = n < 8 ? 'ArrowDown' : n < 16 ? 'ArrowRight' : 'ArrowUp';
  canvas.dispatchEvent(new KeyboardEvent('keydown', { key }));
  return performance.now() - begin;
}))"""


def convolutional(a, b, c):
    """The chapter's third network, with this many maps."""
    return nn.Sequential(
        nn.Conv2d(1, a, 5, stride=2, padding=2), nn.ReLU(),
        nn.Conv2d(a, b, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(b, c, 3, padding=1), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(c, 3),
    )  # fmt: skip


def dense():
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 16), nn.ReLU(), nn.Linear(16, 3))


@pytest.fixture(scope="module")
def images():
    images = torch.zeros(2, 1, 28, 28)
    images[:, :, 6:22, 6:22] = torch.rand(2, 1, 16, 16, generator=torch.Generator().manual_seed(1))
    return images


@pytest.fixture(scope="module")
def models(images):
    """Untrained networks whose answers change with the shift, none by a hair: the seed was chosen for that."""
    torch.manual_seed(138)
    models = {"convolutional": convolutional(3, 4, 6), "dense": dense()}
    with torch.no_grad():
        for model in models.values():
            model[-1].weight *= 200
            model[-1].bias -= model(everywhere(images[0])).mean(0)
    return models


@pytest.fixture
def page(page, models, images):
    explorer_page.show(page, shift(models, images, [0, 2], CLASSES))
    return page


def says(page):
    return page.get_by_role("status").text_content()


def garment(page):
    return page.get_by_role("application", name="drag it")


def moved(image, down, right):
    """A picture after a shift, by padding and cutting."""
    height, width = image.shape[-2:]
    wide = F.pad(image, (max(right, 0), max(-right, 0), max(down, 0), max(-down, 0)))
    return wide[..., max(-down, 0) :, max(-right, 0) :][..., :height, :width]


def everywhere(image):
    """All 289 shifts of a picture, by rows and by columns."""
    return torch.stack([moved(image, down, right) for down in range(-8, 9) for right in range(-8, 9)])


def told(models, image, label, down=0, right=0):
    """What the page has to say of each network."""
    said = []
    for name, model in models.items():
        with torch.no_grad():
            share, best = model(moved(image, down, right)[None]).softmax(1)[0].max(0)
        verdict = "right" if best == label else "wrong"
        said.append(f"{name}: {CLASSES[best]} {round(100 * share.item())} %, {verdict}.")
    return " ".join(said)


def test_a_shift_by_hand(page):
    numbers = [1, 2, 3, 4, 5, 6]
    assert page.evaluate(SHIFT, [numbers, [2, 3], [0, 1]]) == [0, 1, 2, 0, 4, 5]
    assert page.evaluate(SHIFT, [numbers, [2, 3], [-1, -1]]) == [5, 6, 0, 0, 0, 0]
    assert page.evaluate(SHIFT, [numbers, [2, 3], [0, 3]]) == [0] * 6


def test_answers_after_drawn_shifts_are_those_of_pytorch(page):
    torch.manual_seed(0)
    models = {"convolutional": convolutional(3, 4, 6), "dense": dense()}

    @settings(max_examples=50, deadline=None)
    @given(by=st.tuples(*[st.integers(-30, 30)] * 2), name=st.sampled_from(list(models)), seed=st.integers(0, 10**6))
    def check(by, name, seed):
        image = torch.rand(1, 28, 28, generator=torch.Generator().manual_seed(seed))
        came = page.evaluate(ANSWER, [name, image.flatten().tolist(), by])
        with torch.no_grad():
            expected = models[name](moved(image, *by)[None]).softmax(1)[0]
        torch.testing.assert_close(torch.tensor(came), expected, rtol=1e-4, atol=1e-5)

    page.evaluate(BUILD, shift(models, torch.zeros(1, 1, 28, 28), [0], CLASSES).state["models"])
    check()


def test_by_keyboard_alone(page, models, images):
    assert says(page) == f"Bag, where it stood. {told(models, images[0], 0)}"
    garment(page).focus()
    for key in ["ArrowRight", "ArrowRight", "ArrowUp"]:
        page.keyboard.press(key)
    assert says(page) == f"Bag, moved 2 right, 1 up. {told(models, images[0], 0, -1, 2)}"
    page.keyboard.press("Tab")  # the map of the first network
    for _ in range(20):
        page.keyboard.press("ArrowLeft")  # the edge
    assert says(page) == f"Bag, moved 8 left, 1 up. {told(models, images[0], 0, -1, -8)}"
    for _ in range(2):
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    assert says(page).startswith("Bag, where it stood.")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowDown")
    assert says(page) == f"Coat, where it stood. {told(models, images[1], 2)}"


def test_by_mouse(page, models, images):
    box = garment(page).bounding_box()
    pixel = box["width"] / 28
    x, y = box["x"] + 14.5 * pixel, box["y"] + 14.5 * pixel
    page.mouse.move(x, y)  # passing over it moves nothing
    assert says(page).startswith("Bag, where it stood.")
    for times in (1, 2):  # a second drag goes on from where the first ended
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x - 3 * pixel, y + 2 * pixel)
        page.mouse.up()
        where = f"moved {3 * times} left, {2 * times} down"
        assert says(page) == f"Bag, {where}. {told(models, images[0], 0, 2 * times, -3 * times)}"
    map_box = page.get_by_role("application", name="dense").bounding_box()
    page.mouse.click(map_box["x"] + map_box["width"] - 2, map_box["y"] + 2)
    assert says(page) == f"Bag, moved 8 right, 8 up. {told(models, images[0], 0, -8, 8)}"


def test_bars_verdict_and_map_of_each_network(page, models, images):
    for name, model in models.items():
        with torch.no_grad():
            answers = model(everywhere(images[0])).softmax(1)
        right = (answers.argmax(1) == 0).reshape(17, 17)
        assert 50 < right.sum() < 239
        canvas = page.get_by_role("application", name=f"{name}: right at {right.sum()} of 289 shifts")
        canvas.wait_for()
        assert canvas.evaluate(MAP) == right.tolist()
        card = page.get_by_role("group", name=name, exact=True)
        shares = [f"{round(100 * share)} %" for share in answers[144].tolist()]
        assert card.locator(".share").all_text_contents() == shares
        assert card.locator(".verdict").text_content().startswith("✓" if right[8, 8] else "✗")
        assert card.locator(".asked th").text_content() == "Bag"


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_a_map_fills_by_itself_unless_motion_is_reduced(chromium, models, images, motion):
    page = chromium.new_page(reduced_motion=motion)
    explorer_page.load(page, "shift", "picture", "network")
    page.evaluate(COUNT_PAINTED_MAPS)
    page.evaluate(explorer_page.SHOW, shift(models, images, [0, 2], CLASSES).state)
    page.get_by_role("application", name="dense: right at").wait_for()
    painted = page.evaluate("window.painted")
    assert painted > 4 if motion == "no-preference" else painted == 4  # each map at the beginning, and at the end
    page.close()


def test_a_step_of_three_networks_as_large_as_the_chapters_takes_less_than_a_frame(page, images):
    torch.manual_seed(0)
    three = {"CNN": convolutional(10, 20, 40), "average pooling": convolutional(10, 20, 40), "MLP": dense()}
    explorer_page.load(page, "shift", "picture", "network")
    page.evaluate("window.requestIdleCallback = () => {}")  # so that nothing is known beforehand
    page.evaluate(explorer_page.SHOW, shift(three, images, [0, 2], CLASSES).state)
    assert explorer_page.fastest(lambda: garment(page).evaluate(FASTEST)) < explorer_page.FRAME
