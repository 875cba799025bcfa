"""The page of `explorers.convolution` by itself: its numbers, its keys, what it says."""

import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional as F

from course_utils.explorers import convolution
from tests.browser import explorer_page

PAGE = ("convolution", "grid")

PICTURE, KERNEL = [[1, 2, 0], [0, 1, 3], [2, 1, 1]], [[1, 0], [-1, 2]]
COMPUTE = """([x, k, settings, g]) =>
  [explorer.convolve(x, k, settings), explorer.backward(x, k, settings, g)]"""


def opened(page, picture=PICTURE, kernel=KERNEL, **options):
    explorer_page.show(page, convolution(picture, kernel, **options))
    return page


def says(page):
    return page.get_by_role("status").text_content()


def numbers(page, grid):
    """What stands in a grid: a list of rows."""
    rows = page.get_by_role("grid", name=grid).locator("tr").all()
    return [[float(cell.text_content().replace("−", "-")) for cell in row.locator("td").all()] for row in rows]


def drag(page, label, value):
    page.get_by_role("slider", name=label, exact=True).fill(str(value))


def test_four_sums_by_hand(calculator):
    plain = {"stride": 1, "padding": 0, "dilation": 1}
    output, gradients = calculator.evaluate(COMPUTE, [[PICTURE], [KERNEL], plain, [[1, 1], [1, 1]]])
    assert output == [[3, 7], [0, 2]]
    # pixel (0, 0) meets the kernel's 1 alone; the kernel's first number meets 1 + 2 + 0 + 1
    assert gradients["picture"][0][0][0] == 1
    assert gradients["kernel"][0][0][0] == 4


@st.composite
def cases(draw):
    kernel, setting = draw(st.tuples(*[st.integers(1, 4)] * 2)), {}
    for name, least, most in (("stride", 1, 4), ("padding", 0, 3), ("dilation", 1, 3)):
        setting[name] = draw(st.integers(least, most))
    least = [max(1, setting["dilation"] * (k - 1) + 1 - 2 * setting["padding"]) for k in kernel]
    sides = [draw(st.integers(n, max(n, 8))) for n in least]
    channels, seed = draw(st.integers(1, 3)), draw(st.integers(0, 10**6))
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(channels, *sides, generator=generator, dtype=torch.float64)
    k = torch.randn(channels, *kernel, generator=generator, dtype=torch.float64)
    return x, k, setting


@settings(max_examples=60, deadline=None)
@given(cases())
def test_output_and_gradients_are_those_of_pytorch(calculator, case):
    x, k, setting = case
    x.requires_grad_(), k.requires_grad_()
    expected = F.conv2d(x[None], k[None], **setting)[0, 0]
    g = torch.arange(expected.numel(), dtype=torch.float64).reshape(expected.shape) - 2
    expected.backward(g)
    output, gradients = calculator.evaluate(COMPUTE, [x.tolist(), k.tolist(), setting, g.tolist()])
    torch.testing.assert_close(torch.tensor(output, dtype=torch.float64), expected.detach())
    torch.testing.assert_close(torch.tensor(gradients["picture"], dtype=torch.float64), x.grad)
    torch.testing.assert_close(torch.tensor(gradients["kernel"], dtype=torch.float64), k.grad)


@settings(max_examples=50, deadline=None)
@given(
    sides=st.tuples(st.integers(1, 10), st.integers(1, 10)),
    size=st.integers(2, 3),
    stride=st.integers(1, 3),
    ceil=st.booleans(),
    kind=st.sampled_from(["max", "mean"]),
)
def test_poolings_are_those_of_pytorch(calculator, sides, size, stride, ceil, kind):
    y = torch.randperm(sides[0] * sides[1]).reshape(sides).double() - 20
    came = calculator.evaluate(
        "([y, pooling]) => explorer.pool(y, pooling)",
        [y.tolist(), {"kind": kind, "size": size, "stride": stride, "ceil": ceil}],
    )
    of_pytorch = {"max": F.max_pool2d, "mean": F.avg_pool2d}[kind]
    try:
        expected = of_pytorch(y[None], size, stride, ceil_mode=ceil)[0]
    except RuntimeError:  # no window fits
        expected = torch.empty(0, dtype=torch.float64)
    torch.testing.assert_close(torch.tensor(came, dtype=torch.float64), expected)


def test_it_begins_with_the_first_window_and_its_sum(page):
    opened(page)
    assert numbers(page, "output: 2 × 2") == [[3, 7], [0, 2]]
    assert says(page) == "output[0, 0] = 1·1 + 2·0 + 0·(−1) + 1·2 = 3"
    assert page.locator("td.window").count() == 4


def test_each_kernel_by_name_and_back(page):
    opened(page, torch.arange(9.0).reshape(3, 3), torch.ones(3, 3))
    chosen = page.get_by_label("kernel", exact=True)
    results = {}
    for name in chosen.locator("option").all_text_contents():
        chosen.select_option(name)
        results[name] = numbers(page, "output: 1 × 1")[0][0]
    # the nine numbers 0 to 8; columns differ by 2 · 3, rows by 6 · 3
    expected = {"as given": 36, "one pixel": 4, "mean": 4, "right minus left": 6, "lower minus upper": 18, "sharpen": 4}
    assert results == expected


def test_the_settings_change_size_formula_and_output(page):
    opened(page)
    drag(page, "padding", 1)
    drag(page, "stride", 2)
    expected = F.conv2d(torch.tensor(PICTURE)[None, None], torch.tensor(KERNEL)[None, None], stride=2, padding=1)
    assert numbers(page, "output: 2 × 2") == expected[0, 0].tolist()
    assert "output rows = ⌊(3 + 2·1 − 1·(2 − 1) − 1) / 2⌋ + 1 = 2" in page.locator(".size").text_content()
    drag(page, "padding", 0)
    drag(page, "dilation", 3)
    assert says(page) == "The kernel does not fit on the picture: no output."
    drag(page, "dilation", 2)
    assert says(page) == "output[0, 0] = 1·1 + 0·0 + 2·(−1) + 1·2 = 1"


def test_by_keyboard_alone(page):
    opened(page)
    pixel = page.get_by_label("picture[0, 0]", exact=True)
    pixel.focus()
    assert says(page) == "picture[0, 0] = 1 goes into output[0, 0] by 1"
    page.keyboard.type("-4,5")
    assert says(page) == "picture[0, 0] = −4.5 goes into output[0, 0] by 1"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "picture[1, 1]"
    assert says(page).endswith("output[0, 0] by 2, output[0, 1] by −1, output[1, 0] by 0, output[1, 1] by 1")
    page.keyboard.press("Tab")  # each grid is one stop
    assert says(page).startswith("kernel[0, 0] = 1 is multiplied with each of the marked pixels")
    page.keyboard.press("Tab")
    assert says(page) == "output[0, 0] = (−4.5)·1 + 2·0 + 0·(−1) + 1·2 = −2.5"
    page.keyboard.press("ArrowRight")
    assert says(page) == "output[0, 1] = 2·1 + 0·0 + 1·(−1) + 3·2 = 7"
    page.keyboard.press("ArrowRight")  # the edge
    assert says(page).startswith("output[0, 1]")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    assert says(page).startswith("output[1, 0]")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert says(page).startswith("output[1, 1]")


def test_by_mouse(page):
    opened(page)
    page.get_by_role("gridcell", name="output[1, 0]").hover()
    assert says(page) == "output[1, 0] = 0·1 + 1·0 + 2·(−1) + 1·2 = 0"
    page.get_by_label("picture[2, 2]", exact=True).hover()
    assert says(page) == "picture[2, 2] = 1 goes into output[1, 1] by 2"
    page.get_by_role("button", name="next").click()
    assert says(page).startswith("output[1, 1]")


def test_what_is_no_number_changes_nothing_and_is_marked(page):
    opened(page)
    pixel = page.get_by_label("picture[0, 0]", exact=True)
    for text in ("x", "", "-", "Infinity"):
        pixel.fill(text)
        assert pixel.get_attribute("aria-invalid") == "true"
        assert numbers(page, "output: 2 × 2") == [[3, 7], [0, 2]]
    page.get_by_label("picture[1, 1]", exact=True).fill("1")
    assert pixel.input_value() == "1"
    assert pixel.get_attribute("aria-invalid") == "false"


def test_gradients_of_a_chosen_one(page):
    opened(page)
    page.get_by_label("gradients").check()
    page.get_by_label("gradient of output[0, 1]", exact=True).fill("10")
    # the pixel in the middle meets 2, −1, 0, 1, and 10 stands where −1 does
    page.get_by_role("gridcell", name="gradient of picture[1, 1]").hover()
    assert says(page) == "gradient of picture[1, 1] = 1·2 + 10·(−1) + 1·0 + 1·1 = −7"
    page.get_by_role("gridcell", name="gradient of kernel[0, 0]").hover()
    assert says(page) == "gradient of kernel[0, 0] = 1·1 + 10·2 + 1·0 + 1·1 = 22"


def test_pooling_after_it(page):
    opened(page, torch.arange(9).reshape(3, 3), [[1]])
    assert not page.get_by_label("ceil_mode").is_visible()
    page.get_by_label("pooling", exact=True).select_option("max")
    assert numbers(page, "pooled: 1 × 1") == [[4]]
    page.get_by_role("gridcell", name="pooled[0, 0]").hover()
    assert says(page) == "pooled[0, 0] = max(0, 1, 3, 4) = 4"
    page.get_by_label("ceil_mode").check()
    assert numbers(page, "pooled: 2 × 2") == [[4, 5], [7, 8]]
    assert "pooled rows = ⌈(3 − 2) / 2⌉ + 1 = 2" in page.locator(".size").text_content()
    drag(page, "pool stride", 3)
    assert "⌈(3 − 2) / 3⌉ + 1 − 1 (the last would begin outside) = 1" in page.locator(".size").text_content()
    page.get_by_label("pooling", exact=True).select_option("mean")
    assert numbers(page, "pooled: 1 × 1") == [[2]]
    page.get_by_label("pooling", exact=True).select_option("none")
    assert page.get_by_role("grid").count() == 3


def test_every_channel_adds_to_the_sum(page):
    opened(page, [[[1, 2]], [[3, 4]]], [[[10]], [[100]]])
    assert numbers(page, "output: 1 × 2") == [[310, 420]]
    page.get_by_label("picture[1, 0, 1]", exact=True).fill("5")
    assert numbers(page, "output: 1 × 2") == [[310, 520]]
