"""The page of `explorers.inside` by itself: what it computes, what it shows, and the picture that is painted on."""

import json

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional as F

from autograder.course import units
from course_utils.explorers import inside
from tests.browser import explorer_page

PAGE = ("inside", "picture", "network", "evidence")

CLASSES = ["shirt", "bag"]
ANSWER = """([state, pixels, target, random]) => {
  const page = new explorer.Inside(document.createElement('div'), state);
  page.pixels = Float32Array.from(pixels);
  page.target = target;
  page.network = page.networks[+random];
  const { logits, cam, saliency } = page.answer();
  return [logits, cam, saliency].map(numbers => Array.from(numbers));
}"""
STEPS = """state => {
  const page = new explorer.Inside(document.createElement('div'), state);
  return Array.from({ length: 20 }, (_, k) => {
    const begin = performance.now();
    page.paint(k, k);
    page.draw();
    return performance.now() - begin;
  });
}"""


@pytest.fixture
def page(page):
    explorer_page.show(page, inside(mean_model(), pictures(), [0, 1], CLASSES))
    return page


@pytest.fixture(scope="module")
def of_notebook():
    """`saliency` and `grad_cam` as unit 05 has them."""
    names = {"torch": torch, "F": F}
    for cell in units.source_notebook("05-lenet").cells:
        if cell.id in ("maps-given-code", "saliency"):
            exec("from contextlib import contextmanager\n" + cell.source, names)
    return names


def mean_model():
    """Two maps, the picture's middle and its negative; logits m and −m, where m is the mean of the first map."""
    model = nn.Sequential(
        nn.Conv2d(1, 2, 3, padding=1), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(2, 2)
    )
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.zero_()
        model[0].weight[:, 0, 1, 1] = torch.tensor([1.0, -1.0])
        model[4].weight[:, 0] = torch.tensor([1.0, -1.0])
    return model


def pictures():
    """8 by 8: one all 0, one all 1."""
    return torch.stack([torch.zeros(1, 8, 8), torch.ones(1, 8, 8)])


def says(page):
    page.evaluate("() => new Promise(requestAnimationFrame)")
    return page.get_by_role("status").text_content()


def logits(page):
    says(page)
    return [float(text.replace("−", "-")) for text in page.locator(".bars td:last-child").all_text_contents()]


def paper(page):
    return page.get_by_role("application", name="the picture: paint on it")


def outline(page, name):
    """(x, y, width, height) of what is outlined on the picture."""
    says(page)
    rectangle = page.locator(f".picture rect.{name}").first
    return [int(rectangle.get_attribute(key)) for key in ("x", "y", "width", "height")]


def test_grad_cam_saliency_and_softmax_by_hand(calculator):
    # maps (-1, 3, 1) and (3, -1, 1), mean gradients 2 and -1: (-5, 7, 1), after ReLU (0, 7, 1); from 3 places to 4:
    # 0, 0.625 · 7, 0.625 · 7 + 0.375 · 1, 1, and the largest is 4.75
    cam = """() => Array.from(explorer.gradCam(Float32Array.of(-1, 3, 1, 3, -1, 1), Float32Array.of(1, 2, 3, 0, 0, -3),
      [2, 1, 3], 1, 4))"""
    expected = [0, 0.625 * 7 / 4.75, 1, 1 / 4.75]
    assert calculator.evaluate(cam) == pytest.approx(expected)
    # two channels of two pixels: the largest sizes are 3 and 4
    assert calculator.evaluate("() => Array.from(explorer.saliency(Float32Array.of(1, -4, -3, 2), 2))") == [0.75, 1]
    assert calculator.evaluate("() => Array.from(explorer.saliency(new Float32Array(4), 2))") == [0, 0]
    assert calculator.evaluate("() => explorer.softmax([1000, 1000])") == [0.5, 0.5]


def test_a_stroke_leaves_no_gap(calculator):
    stroke = "([from, to]) => explorer.stroke(from, to)"
    assert calculator.evaluate(stroke, [[0, 0], [2, -4]]) == [[0, 0], [1, -1], [1, -2], [2, -3], [2, -4]]
    assert calculator.evaluate(stroke, [[3, 3], [3, 3]]) == [[3, 3], [3, 3]]


@st.composite
def models(draw):
    """(model, the layer that Grad-CAM asks, (C, H, W), classes)."""
    channels, maps, classes = draw(st.sampled_from([1, 3])), draw(st.integers(1, 5)), draw(st.integers(2, 5))
    shape = (channels, draw(st.integers(8, 14)), draw(st.integers(8, 14)))
    kernel, stride, padding = draw(st.integers(1, 3)), draw(st.integers(1, 2)), draw(st.integers(0, 1))
    features = [nn.Conv2d(channels, 4, 3, padding=1), nn.Tanh(), nn.MaxPool2d(2)]
    features += [nn.Conv2d(4, maps, kernel, stride=stride, padding=padding)]
    features += [nn.BatchNorm2d(maps)] * draw(st.booleans()) + [nn.ReLU()] * draw(st.booleans())
    asked = features[-1]
    features += [nn.AdaptiveAvgPool2d(draw(st.integers(1, 3))), nn.Flatten()]
    entry = nn.Sequential(*features).eval()(torch.zeros(1, *shape)).shape[1]
    return nn.Sequential(*features, nn.Linear(entry, classes)).eval(), asked, shape, classes


@settings(max_examples=25, deadline=None)
@given(models(), st.data(), st.integers(0, 10**6))
def test_logits_saliency_and_grad_cam_are_those_of_the_notebook(calculator, of_notebook, case, data, seed):
    model, asked, shape, classes = case
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.uniform_(-1, 1, generator=generator)
    given, painted = torch.randn(2, *shape, generator=generator)
    target = data.draw(st.integers(0, classes - 1))
    state = inside(model, given[None], [0], [str(k) for k in range(classes)]).state
    came = calculator.evaluate(ANSWER, [state, painted.flatten().tolist(), target, False])
    expected = (
        model(painted[None])[0].detach(),
        of_notebook["grad_cam"](model, asked, painted, target),
        of_notebook["saliency"](model, painted, target),
    )
    for numbers, wanted in zip(came, expected, strict=True):
        torch.testing.assert_close(torch.tensor(numbers).float(), wanted.flatten(), rtol=1e-3, atol=1e-4)


def test_random_weights_are_those_of_a_fresh_model(calculator):
    # 1 by 1 kernels of one channel and a linear layer: its logits are a line in the picture's number
    model = nn.Sequential(nn.Conv2d(1, 1, 1), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(1, 2))
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.fill_(1.0)
    state = inside(model, pictures(), [0, 1], CLASSES).state
    trained, random = (calculator.evaluate(ANSWER, [state, [1.0] * 64, 0, r])[0] for r in (False, True))
    assert trained == [3, 3]
    fresh = nn.Sequential(nn.Conv2d(1, 1, 1), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(1, 2))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        fresh[0].reset_parameters(), fresh[3].reset_parameters()
    assert random == pytest.approx(fresh(torch.ones(1, 1, 8, 8))[0].tolist(), abs=1e-5)


def test_a_step_costs_less_than_a_frame(calculator):
    torch.manual_seed(0)
    lenet = nn.Sequential(
        *(nn.Conv2d(1, 6, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Flatten(), nn.Linear(256, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10)),
    )
    state = inside(lenet, torch.rand(6, 1, 28, 28), range(6), map(str, range(10))).state
    assert len(json.dumps(state)) < 1_000_000
    assert explorer_page.fastest(lambda: min(calculator.evaluate(STEPS, state))) < explorer_page.FRAME


def test_by_mouse(page):
    assert says(page).startswith("Trained weights: it says shirt, 50.0 %.")
    box = paper(page).bounding_box()
    pixel = box["width"] / 8
    page.mouse.move(box["x"] + pixel / 2, box["y"] + pixel / 2)
    assert says(page).endswith("Brush at row 0, column 0: the pixel is 0.")
    assert outline(page, "brush") == [0, 0, 2, 2]
    page.mouse.down()
    # the brush of 3 by 3 covers 2 by 2 in the corner; the mean is 4/64
    assert logits(page) == [0.06, -0.06]
    page.mouse.move(box["x"] + 7.5 * pixel, box["y"] + pixel / 2)  # in one leap, along the edge: 16 pixels
    page.mouse.up()
    assert logits(page) == [0.25, -0.25]
    assert says(page) == "Trained weights: it says shirt, 62.2 %. Brush at row 0, column 7: the pixel is 1."
    page.mouse.move(box["x"] + pixel, box["y"] + 6 * pixel)  # not pressed
    assert logits(page) == [0.25, -0.25]
    page.get_by_role("button", name="undo").click()
    assert logits(page) == [0, 0]
    page.get_by_role("button", name="undo").click()  # nothing is left to undo
    page.locator(".bars tr", has_text="bag").click()
    assert page.get_by_label("explain").input_value() == "bag"
    page.locator("figcaption", has_text="Grad-CAM for bag").wait_for()  # it is drawn with the next frame
    page.get_by_role("radio", name="map 1").click()
    assert "Map 1, row" in says(page)
    large = page.get_by_role("application", name="map 1: choose a pixel")
    side = large.bounding_box()["width"] / 8
    large.hover(position={"x": 7.5 * side, "y": 2.5 * side})
    assert "Map 1, row 2, column 7 = 0; it reads rows 1 to 3 and columns 6 to 7 of the picture." in says(page)


def test_painting_by_keyboard_alone(page):
    paper(page).focus()
    for key in ("ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
    page.keyboard.down(" ")
    page.keyboard.down(" ")  # held down: it is one stroke
    page.keyboard.up(" ")
    assert says(page).endswith("Brush at row 5, column 5: the pixel is 1.")
    assert logits(page) == [0.14, -0.14]  # 9/64
    page.keyboard.press("Tab")  # to the maps: the bars and the other pictures are no stops
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.textContent") == "reset"
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    assert logits(page) == [0, 0]
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("End")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.value") == "dark (0.00)"
    page.get_by_label("picture", exact=True).focus()
    page.keyboard.press("ArrowDown")
    assert logits(page) == [1, -1]
    paper(page).focus()
    page.keyboard.press("Enter")
    assert logits(page) == [0.44, -0.44]  # of a brush of 7 by 7, 6 by 6 lie on the picture: 1 − 36/64
    page.get_by_role("button", name="reset").press("Enter")
    assert logits(page) == [1, -1]
    page.get_by_role("button", name="undo").press("Enter")
    assert logits(page) == [0.44, -0.44]


def test_layers_maps_and_pixels_by_keyboard_alone(page):
    layer = page.get_by_label("layer", exact=True)
    assert layer.input_value() == "1: ReLU, 2 maps of 8×8"
    layer.focus()
    page.keyboard.press("ArrowUp")
    assert layer.input_value() == "0: convolution, 2 maps of 8×8"
    page.get_by_label("picture", exact=True).select_option("1: bag")
    assert says(page).endswith("Map 0, row 4, column 4 = 1; it reads rows 3 to 5 and columns 3 to 5 of the picture.")
    layer.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")  # there is no third
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "map 1"
    page.keyboard.press("Tab")
    for _ in range(9):
        page.keyboard.press("ArrowUp")
    assert says(page).endswith("Map 1, row 0, column 4 = −1; it reads rows 0 to 1 and columns 3 to 5 of the picture.")
    assert outline(page, "reads") == [3, 0, 3, 2]


def test_the_kernel_is_that_of_the_chosen_map(page):
    middle = """() => { const canvas = document.querySelector('figure.kernels canvas');
      return Array.from(canvas.getContext('2d').getImageData(1, 1, 1, 1).data); }"""
    says(page)
    red = page.evaluate(middle)
    page.get_by_role("radio", name="map 1").click()
    says(page)
    blue = page.evaluate(middle)
    assert red[0] > 2 * red[2]
    assert blue[2] > 2 * blue[0]
    canvas = page.locator("figure.kernels canvas")
    assert canvas.get_attribute("aria-label") == "weights for input 0: from −1 to 0"
    assert page.locator("figure.kernels figcaption").text_content() == "its kernel, in layer 0: 3×3"


def test_the_same_picture_with_random_weights(page):
    page.get_by_label("picture", exact=True).select_option("1: bag")
    trained = logits(page)
    page.get_by_label("random weights").check()
    assert says(page).startswith("Random weights: it says ")
    assert logits(page) != trained
    page.get_by_label("random weights").uncheck()
    assert logits(page) == trained
