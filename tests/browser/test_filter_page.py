"""The page of `explorers.filter` by itself: its numbers, its colours, its keys, what it says."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional as F

from course_utils.explorers import filter
from tests.browser import explorer_page

PAGE = ("filter", "grid", "picture")

# result[0, 0] = 0·(−1) + 0.2·0 + 1·2 = 2, then 1; 1, 1.2
IMAGE, KERNEL = [[0, 0.2, 1, 0.6], [1, 0.4, 1, 0.8]], [[-1, 0, 2]]
COMPUTE = """([shape, pixels, kernel, same]) => {
  const found = explorer.filtered({ shape, pixels }, kernel, same);
  return [found.shape, Array.from(found.values)];
}"""
# the colours of a canvas, (height, width, 4)
COLOURS = """canvas => {
  const { width, height } = canvas, { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
  const of = (i, j) => Array.from(data.slice(4 * (i * width + j), 4 * (i * width + j) + 4));
  return Array.from({ length: height }, (_, i) => Array.from({ length: width }, (_, j) => of(i, j)));
}"""
# the smallest of 20 times, in milliseconds
FASTEST = """input => Math.min(...Array.from({ length: 20 }, (_, n) => {
  const begin = performance.now();
  input.value = String(n);
  input.dispatchEvent(new Event('input'));
  return performance.now() - begin;
}))"""


def opened(page, image=IMAGE, kernel=KERNEL):
    explorer_page.show(page, filter(image, kernel))
    return page.get_by_role("application", name="result")


def says(page):
    return page.get_by_role("status").text_content()


def numbers(page, grid):
    cells = page.get_by_role("grid", name=grid, exact=True).locator("td")
    read = "cells => cells.map(cell => (cell.firstElementChild?.value ?? cell.textContent).replace('−', '-'))"
    return [float(text) for text in cells.evaluate_all(read)]


def test_four_sums_by_hand(calculator):
    flat = [number for row in IMAGE for number in row]
    assert calculator.evaluate(COMPUTE, [[2, 4], flat, KERNEL, False]) == [[2, 2], [2, 1, 1, pytest.approx(1.2)]]
    # with a zero on each side: 0·(−1) + 0·0 + 0.2·2 comes first, 1·(−1) + 0.6·0 + 0·2 last in its row
    shape, values = calculator.evaluate(COMPUTE, [[2, 4], flat, KERNEL, True])
    assert shape == [2, 4]
    assert values == pytest.approx([0.4, 2, 1, -1, 0.8, 1, 1.2, -1])


@settings(max_examples=50, deadline=None)
@given(
    kernel=st.tuples(*[st.sampled_from([1, 3, 5])] * 2),
    more=st.tuples(*[st.integers(0, 6)] * 2),
    seed=st.integers(0, 10**6),
)
def test_the_result_is_that_of_pytorch(calculator, kernel, more, seed):
    generator = torch.Generator().manual_seed(seed)
    sides = [side + beyond for side, beyond in zip(kernel, more, strict=True)]
    x = torch.rand(sides, generator=generator, dtype=torch.float64)
    k = torch.randn(kernel, generator=generator, dtype=torch.float64)
    for same in (False, True):
        expected = F.conv2d(x[None, None], k[None, None], padding="same" if same else "valid")[0, 0]
        shape, values = calculator.evaluate(COMPUTE, [sides, x.flatten().tolist(), k.tolist(), same])
        torch.testing.assert_close(torch.tensor(values, dtype=torch.float64).reshape(shape), expected)


def test_it_begins_in_the_middle_with_its_products(page):
    result = opened(page)
    assert says(page) == "result[1, 1] = 0.4·(−1) + 1·0 + 0.8·2 = 1.2"
    assert numbers(page, "pixels under the kernel") == [0.4, 1, 0.8]
    assert numbers(page, "products") == [-0.4, 0, 1.6]
    assert "kernel; it adds up to 1" in page.locator("figcaption").all_text_contents()
    # 1 and more are white
    assert result.evaluate(COLOURS) == [[[255] * 4] * 2] * 2


def test_each_look_of_the_result_says_what_its_colours_are(page):
    result = opened(page, [[0, 0.2, 1, 0.2]], [[-1, 1, 0]])  # −0·1 + 0.2 = 0.2, then −0.2 + 1 = 0.8
    note = page.locator("main > p").first
    assert result.evaluate(COLOURS) == [[[51, 51, 51, 255], [204, 204, 204, 255]]]
    assert note.text_content().endswith("0 % of the numbers lie outside and are cut off.")
    looks = page.get_by_label("result shown as")
    looks.select_option("dark where strong")
    assert result.evaluate(COLOURS) == [[[204, 204, 204, 255], [51, 51, 51, 255]]]
    looks.select_option("signed colours")
    assert result.evaluate(COLOURS)[0][1] == [178, 24, 43, 255]
    assert note.text_content() == "The result: blue is −0.8, white is 0, red is 0.8."
    page.get_by_label("kernel[0, 1]").fill("-1")  # −0 − 0.2 and −0.2 − 1
    assert result.evaluate(COLOURS)[0][1] == [33, 102, 172, 255]
    looks.select_option("grey, 0 to 1")
    assert note.text_content().endswith("100 % of the numbers lie outside and are cut off.")


def test_each_kernel_by_name_and_zeros_around(page):
    opened(page, torch.full((5, 7), 0.2), [[1]])
    middle = {}
    for name in page.get_by_label("preset", exact=True).locator("option").all_text_contents():
        page.get_by_label("preset", exact=True).select_option(name)
        middle[name] = float(says(page).rpartition("= ")[2].replace("−", "-"))
    flat = dict.fromkeys(["as given", "one pixel", "blur, 3 × 3", "blur, 5 × 5", "sharpen"], 0.2)
    assert middle == flat | dict.fromkeys(["edge", "right minus left", "lower minus upper"], 0)
    before = says(page)
    page.get_by_label("border").select_option("zeros, same size")
    # the kernel stays on the pixels that it lay on
    assert (before[:12], says(page)[:12]) == ("result[1, 2]", "result[2, 3]")
    assert before[12:] == says(page)[12:]
    result = page.get_by_role("application", name="result: 5 × 7")
    result.focus()
    for _ in range(5):
        page.keyboard.press("ArrowUp")
    assert says(page).startswith("result[0, ")
    assert says(page).endswith("= 0.6")  # lower minus upper: three pixels of 0.2 below, zeros above
    assert numbers(page, "pixels under the kernel")[:3] == [0, 0, 0]


def test_a_kernel_that_does_not_fit_is_not_offered(page):
    opened(page)
    assert page.get_by_label("preset").locator("option").all_text_contents() == ["as given"]


def test_by_keyboard_alone(page):
    result = opened(page)
    result.focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")  # the edge
    assert says(page) == "result[0, 0] = 0·(−1) + 0.2·0 + 1·2 = 2"
    page.keyboard.press("Tab")
    assert says(page) == "picture[0, 0]·kernel[0, 0] = 0·(−1) = 0, a part of result[0, 0] = 2"
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    page.keyboard.type("-10")
    assert says(page) == "picture[0, 1]·kernel[0, 1] = 0.2·(−10) = −2, a part of result[0, 0] = 0"
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert says(page) == "picture[0, 2]·kernel[0, 2] = 1·2 = 2, a part of result[0, 0] = 0"


def test_by_mouse_on_either_picture(page):
    result = opened(page)
    box = result.bounding_box()
    page.mouse.move(box["x"] + 0.75 * box["width"], box["y"] + 0.25 * box["height"])
    assert says(page) == "result[0, 1] = 0.2·(−1) + 1·0 + 0.6·2 = 1"
    box = page.get_by_role("application", name="picture").bounding_box()
    page.mouse.move(box["x"] + 1, box["y"] + box["height"] - 1)  # the window stays inside
    assert says(page).startswith("result[1, 0] = 1·(−1) + 0.4·0 + 1·2")


def test_what_is_no_number_changes_nothing(page):
    opened(page)
    weight = page.get_by_label("kernel[0, 0]")
    weight.fill("x")
    assert weight.get_attribute("aria-invalid") == "true"
    assert says(page).endswith("a part of result[1, 1] = 1.2")


def test_a_number_of_the_kernel_is_changed_within_a_frame(page):
    opened(page, torch.rand(85, 128), torch.rand(5, 5))
    kernel = page.get_by_label("kernel[2, 2]")
    assert explorer_page.fastest(lambda: kernel.evaluate(FASTEST)) < explorer_page.FRAME
