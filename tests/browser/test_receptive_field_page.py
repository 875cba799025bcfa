"""The page of `explorers.receptive_field` by itself: its geometry, effective fields, chains, keys, what it says."""

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch import nn

from course_utils.explorers import receptive_field
from tests.browser import explorer_page

PAGE = ("receptive_field", "picture", "network", "chain")
AS_GIVEN = """([nodes, layers]) => explorer.built(explorer.chainOf(nodes, layers), nodes[0].shape).fields"""
# The chain with other settings: its fields, the weights that it has then, and the effective field of one unit.
CHANGED = """([nodes, given, wanted, x, n, unit]) => {
  const layers = explorer.chainOf(nodes, given).map((layer, k) => ({ ...layer, ...wanted[k] }));
  const { nodes: changed, fields } = explorer.built(layers, nodes[0].shape);
  const network = new explorer.Network(changed), grid = fields[n].spans[0].map(axis => axis.length);
  network.forward(x);
  const weights = changed.slice(1).map(node => node.weight ? Array.from(node.weight) : null);
  return [fields, weights, Array.from(explorer.effectiveField(network, n + 1, grid, unit)), explorer.products(changed)];
}"""
KEYS = """([canvas, count]) => Array.from({ length: count }, (_, k) => {
  const key = k % 2 ? 'ArrowLeft' : 'ArrowRight', begin = performance.now();
  document.querySelector(canvas).dispatchEvent(new KeyboardEvent('keydown', { key }));
  return performance.now() - begin;
})"""
DRAGS = """count => Array.from({ length: count }, (_, k) => {
  const input = document.querySelector('input[type=range]'), begin = performance.now();
  input.value = 3 + 2 * (k % 2);
  input.dispatchEvent(new Event('input'));
  return performance.now() - begin;
})"""


def shown(page, model, image=None):
    torch.manual_seed(0)
    explorer_page.show(page, receptive_field(model, torch.rand(12, 12) if image is None else image))
    return page


def says(page):
    return page.get_by_role("status").text_content()


def outline(page, name):
    """First and last row, first and last column, of a line on the picture; the margin of 12 pixels is 4."""
    rectangle = page.locator(f"rect.{name}")
    y, x, height, width = (int(rectangle.get_attribute(key)) for key in ("y", "x", "height", "width"))
    return [y - 4, y + height - 5, x - 4, x + width - 5]


def two_layers():
    """A window of 3 + 2 · 2 pixels, a unit for every other one."""
    torch.manual_seed(0)
    return nn.Sequential(nn.Conv2d(1, 2, 3, stride=2, padding=1), nn.Conv2d(2, 1, 3, padding=1))


def test_two_layers_by_hand(calculator):
    state = receptive_field(two_layers(), torch.rand(1, 12, 12)).state
    first, second = calculator.evaluate(AS_GIVEN, [state["nodes"], state["layers"]])
    # unit i sees 2i − 1 to 2i + 1, cut off at the border; behind it a unit sees three of these
    assert first["spans"][0][0] == [[0, 1], [1, 3], [3, 5], [5, 7], [7, 9], [9, 11]]
    assert second["spans"][0][1] == [[0, 3], [0, 5], [1, 7], [3, 9], [5, 11], [7, 11]]
    assert (second["size"], second["jump"], second["window"]) == ([7, 7], [2, 2], [[-3, 3], [-3, 3]])


@st.composite
def kinds(draw):
    """(a layer's class, its channels) for each layer of a chain."""
    kind = st.sampled_from(["conv", "max", "mean", "relu"])
    return [(name, draw(st.integers(1, 3))) for name in draw(st.lists(kind, min_size=1, max_size=5))]


@st.composite
def a_chain(draw, layers):
    """A model of these layers with drawn settings; it may fit on no picture."""
    channels, model, pair = 1, [], lambda low, high: draw(st.tuples(*[st.integers(low, high)] * 2))
    for name, wanted in layers:
        kernel, stride = pair(1, 4), pair(1, 3)
        if name == "conv":
            model.append(nn.Conv2d(channels, wanted, kernel, stride, pair(0, 3), pair(1, 3)))
            channels = wanted
        elif name == "relu":
            model.append(nn.ReLU())
        else:
            padding = tuple(draw(st.integers(0, k // 2)) for k in kernel)
            kind = nn.MaxPool2d if name == "max" else nn.AvgPool2d
            model.append(kind(kernel, stride, padding, ceil_mode=draw(st.booleans())))
    return nn.Sequential(*model)


def plain(layers):
    """Tuples as the lists that come from the page."""
    return [
        layer | {"spans": [[[s and list(s) for s in axis] for axis in t] for t in layer["spans"]]} for layer in layers
    ]


def settings_of(layer):
    """What the page's controls set of a layer."""
    if isinstance(layer, nn.ReLU):
        return {}
    names = {"kernel": "kernel_size", "stride": "stride", "padding": "padding"}
    if isinstance(layer, nn.Conv2d):
        names["dilation"] = "dilation"
    return {key: list(getattr(layer, name)) for key, name in names.items()} | (
        {"ceil": layer.ceil_mode} if hasattr(layer, "ceil_mode") else {}
    )


def state_of(model, picture):
    try:
        return receptive_field(model, picture).state
    except ValueError:
        return None  # a layer does not fit


@settings(max_examples=20, deadline=None)
@given(st.data(), kinds(), st.tuples(st.integers(6, 20), st.integers(6, 20)), st.integers(0, 10**6))
def test_chains_see_what_course_utils_says_and_their_effective_field_is_autograds(
    calculator, data, layers, sides, seed
):
    torch.manual_seed(seed)
    given_model, wanted_model = data.draw(a_chain(layers)), data.draw(a_chain(layers))
    picture = torch.randn(1, *sides)
    state, wanted = state_of(given_model, picture), state_of(wanted_model, picture)
    assume(state is not None)
    assert calculator.evaluate(AS_GIVEN, [state["nodes"], state["layers"]]) == plain(state["layers"])

    changes = [settings_of(layer) for layer in wanted_model]
    if wanted is None:
        with pytest.raises(Exception, match="does not fit on"):
            calculator.evaluate(CHANGED, [state["nodes"], state["layers"], changes, [], 0, [0, 0]])
        return
    n = data.draw(st.integers(0, len(layers) - 1))
    unit = [data.draw(st.integers(0, side - 1)) for side in wanted["layers"][n]["output"][1:]]
    sent = [state["nodes"], state["layers"], changes, picture.flatten().tolist(), n, unit]
    fields, weights, field, products = calculator.evaluate(CHANGED, sent)
    assert fields == plain(wanted["layers"])
    assert products <= wanted["most"]

    for layer, numbers in zip(wanted_model, weights, strict=True):
        if numbers is not None:
            layer.weight.data = torch.tensor(numbers).reshape(layer.weight.shape)
            layer.bias.data = dict(given_model.named_children())[str(list(wanted_model).index(layer))].bias.data
    x = picture[None].requires_grad_()
    wanted_model[: n + 1](x)[0, :, unit[0], unit[1]].sum().backward()
    torch.testing.assert_close(torch.tensor(field).float(), x.grad[0].abs().sum(0).flatten(), rtol=1e-4, atol=1e-5)


class Branches(nn.Module):
    """A shortcut, a concatenation and a linear layer: no chain."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(2, 3, 3, stride=2, padding=1)
        self.wide = nn.Conv2d(3, 3, 5, padding=2)
        self.head = nn.Linear(6 * 36, 4)

    def forward(self, x):
        x = torch.relu(self.stem(x))
        return self.head(torch.cat([x, self.wide(x) + x], 1).flatten(1))


def test_the_effective_field_of_every_layer_of_a_network_with_branches(calculator):
    torch.manual_seed(0)
    model, picture = Branches(), torch.randn(2, 12, 12)
    state = receptive_field(model, picture).state
    last = calculator.evaluate(
        """([nodes, x]) => { const network = new explorer.Network(nodes); network.forward(x);
        return Array.from(explorer.effectiveField(network, nodes.length - 1, [1, 1], [0, 0], 2)); }""",
        [state["nodes"], picture.flatten().tolist()],
    )
    x = picture[None].requires_grad_()
    model(x)[0, 2].backward()
    torch.testing.assert_close(torch.tensor(last), x.grad[0].abs().sum(0).flatten(), rtol=1e-4, atol=1e-5)
    assert (
        calculator.evaluate("([nodes, layers]) => explorer.chainOf(nodes, layers)", [state["nodes"], state["layers"]])
        is None
    )


def test_it_begins_with_the_middle_unit_of_the_last_layer(page):
    shown(page, two_layers())
    assert says(page).startswith(
        "Layer 1, unit [3, 3]: rows 3 to 9, columns 3 to 9. Window 7 by 7, all in the picture. "
        "A gradient arrives at 49 of its 49 pixels. "
    )
    assert says(page).endswith(" % of the effective field lies in the middle half of the window.")
    assert outline(page, "sees") == outline(page, "window") == [3, 9, 3, 9]
    cells = page.get_by_role("row").nth(2).get_by_role("cell").all_text_contents()
    assert cells == ["1×6×6", "7×7", "2×2", "0, 0"]


def test_the_page_begins_with_the_words_of_the_still_figure(page):
    torch.manual_seed(0)
    over = nn.Sequential(
        nn.Conv2d(1, 1, (3, 5), padding=4), nn.ReLU(), nn.MaxPool2d(3, 2, 1), nn.Conv2d(1, 1, 3, dilation=3)
    )
    for model in (over, over[:1], nn.Sequential(nn.Flatten(), nn.Linear(144, 2)), nn.AdaptiveAvgPool2d(5)):
        explorer = receptive_field(model, torch.rand(12, 12))
        explorer_page.show(page, explorer)
        assert repr(explorer).endswith(says(page))


def test_the_share_in_the_middle_is_a_count_where_every_pixel_counts_alike(page):
    layer = nn.Conv2d(1, 1, 8, bias=False)
    nn.init.ones_(layer.weight)
    shown(page, layer, torch.rand(8, 8))
    assert (
        "Window 8 by 8, all in the picture. A gradient arrives at 64 of its 64 pixels. 25 % of the effective field"
        in says(page)
    )  # 4 by 4 of 8 by 8


def test_by_keyboard_alone(page):
    shown(page, two_layers())
    page.get_by_role("radio", name="layer 1").focus()
    page.keyboard.press("ArrowUp")
    assert says(page).startswith("Layer 0, unit [3, 3]: rows 5 to 7, columns 5 to 7. Window 3 by 3")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    for key in ("ArrowUp", "ArrowUp", "ArrowUp", "ArrowLeft", "ArrowUp"):  # the last is at the edge
        page.keyboard.press(key)
    assert "Layer 1, unit [0, 2]: rows 0 to 3, columns 1 to 7. Window 7 by 7, over the edge by 3 above." in says(page)
    assert outline(page, "sees") == [0, 3, 1, 7]
    assert outline(page, "window") == [-3, 3, 1, 7]
    page.keyboard.press("Tab")  # on to the picture, from the middle of what the unit sees
    for _ in range(5):
        page.keyboard.press("ArrowDown")
    assert says(page).startswith("Layer 1, unit [3, 2]")  # row 6 is the middle of unit 3's window


def test_by_mouse(page):
    shown(page, two_layers())
    picture, units = page.locator("canvas[aria-label^=picture]"), page.locator("canvas[aria-label^=units]")
    side = picture.bounding_box()["width"] / 20  # 12 pixels, and a margin of 4 at both ends
    picture.click(position={"x": (4 + 2.5) * side, "y": (4 + 10.5) * side})
    assert says(page).startswith("Layer 1, unit [5, 1]: rows 7 to 11, columns 0 to 5.")
    units.hover(position={"x": 2, "y": 2})  # who only passes chooses nothing
    assert "unit [5, 1]" in says(page)
    units.click(position={"x": 2, "y": 2})
    assert "unit [0, 0]: rows 0 to 3, columns 0 to 3. Window 7 by 7, over the edge by 3 above, 3 left." in says(page)
    page.get_by_role("row").nth(1).get_by_text("Conv2d").click()
    assert says(page).startswith("Layer 0, unit [0, 0]")


def test_channels_of_a_unit(page):
    layer = nn.Conv2d(1, 2, 1, bias=False)
    layer.weight.data = torch.tensor([3.0, -3.0]).reshape(2, 1, 1, 1)
    shown(page, layer)
    assert says(page).endswith("A gradient arrives at 0 of its 1 pixels.")  # the two cancel
    page.get_by_label("channel of the unit").select_option("1")
    assert "100 % of the effective field" in says(page)
    page.get_by_label("channel of the unit").select_option("the strongest")
    assert "100 % of the effective field" in says(page)


def drag(page, label, value):
    page.get_by_role("slider", name=label, exact=True).fill(str(value))


def test_layers_are_changed_added_and_removed(page):
    shown(page, two_layers())
    drag(page, "dilation", 2)
    drag(page, "padding", 2)
    # two steps of dilation 2 and jump 2 at each end: 3 + 8
    assert "Layer 1, unit [3, 3]: rows 1 to 11, columns 1 to 11. Window 11 by 11, all in the picture." in says(page)
    drag(page, "kernel", 5)
    assert "Window 19 by 19" in says(page)
    assert says(page).startswith("Layer 1 (its weights are drawn), unit [1, 1]")
    page.get_by_role("button", name="add pooling").click()
    assert page.get_by_role("radio", checked=True).get_attribute("aria-label") == "layer new 1 (MaxPool2d)"
    assert "Window 21 by 21" in says(page)
    page.get_by_role("button", name="add convolution").click()
    assert "Layer new 2 (its weights are drawn), unit [0, 0]" in says(page)
    assert "Window 29 by 29" in says(page)  # two steps of the jump 4
    for _ in range(2):
        page.get_by_role("button", name="remove").click()
    drag(page, "kernel", 3)  # the given weights fit again
    assert says(page).startswith("Layer 1, unit [3, 3]")
    page.get_by_role("button", name="as given").click()
    assert says(page).startswith("Layer 1, unit [3, 3]: rows 3 to 9, columns 3 to 9. Window 7 by 7")
    page.get_by_role("button", name="remove").click()
    page.get_by_role("button", name="remove").click()
    assert says(page).startswith("This does not fit: a chain has at least one layer.")
    assert page.get_by_role("radio").count() == 1


def test_what_does_not_fit_is_said_and_the_last_good_chain_stays(page):
    shown(page, two_layers())
    drag(page, "kernel", 9)
    assert says(page).startswith(
        "This does not fit: layer 1: a kernel of 9 does not fit on 6 units with padding 1. What you see is the last "
        "chain that does. Layer 1, unit [3, 3]"
    )
    assert "unit [3, 3]: rows 3 to 9, columns 3 to 9. Window 7 by 7" in says(page)
    drag(page, "padding", 2)  # with it, the kernel fits that did not
    assert says(page).startswith("Layer 1 (its weights are drawn), unit [1, 1]")
    assert "Window 19 by 19" in says(page)
    drag(page, "stride", 4)
    page.get_by_role("button", name="add pooling").click()
    assert says(page).startswith(
        "This does not fit: layer new 1: a kernel of 2 does not fit on 1 units with padding 0."
    )


def test_what_costs_too_much_is_said(page):
    shown(page, nn.Conv2d(1, 32, 5, padding=2), torch.rand(64, 64))
    page.get_by_role("button", name="add convolution").click()
    assert "one pass would take 41,025,536 products, and the page does 4,000,000" in says(page)


def test_a_model_that_is_no_chain_is_looked_at_and_not_changed(page):
    shown(page, Branches(), torch.rand(2, 12, 12))
    assert page.get_by_role("slider").count() == 0
    assert page.get_by_text("This model is no plain chain").is_visible()
    page.get_by_role("radio", name="layer head").check()
    assert "Layer head, unit [0, 0]: rows 0 to 11, columns 0 to 11. It sees everything, so it has no window." in says(
        page
    )


def test_units_at_unequal_steps_have_no_window(page):
    shown(page, nn.Sequential(nn.Conv2d(1, 1, 1), nn.AdaptiveAvgPool2d(5)))
    assert says(page).startswith(
        "Layer 1, unit [2, 2]: rows 4 to 7, columns 4 to 7. A gradient arrives at 16 of its 16"
    )
    assert page.locator("rect.window").count() == 0
    picture = page.locator("canvas[aria-label^=picture]")
    side = picture.bounding_box()["width"] / 20
    picture.click(position={"x": (4 + 3.5) * side, "y": (4 + 11.5) * side})
    assert "unit [4, 1]: rows 9 to 11, columns 2 to 4." in says(page)


def test_without_the_effective_field_the_page_says_why(page):
    shown(page, nn.Sequential(nn.Conv2d(1, 1, 3), nn.GELU()))
    assert says(page) == "Layer 1, unit [5, 5]: rows 5 to 7, columns 5 to 7. Window 3 by 3, all in the picture."
    assert (
        "The effective field is left out: the page cannot compute `_1` (GELU)" in page.locator(".note").text_content()
    )
    assert page.locator(".mark.heat").count() == 0


def test_a_step_takes_less_than_a_frame(page):
    torch.manual_seed(0)
    layers = [nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.Conv2d(8, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
    shown(page, nn.Sequential(*layers, nn.Conv2d(8, 16, 3, padding=1)), torch.rand(28, 28))
    assert explorer_page.fastest(lambda: min(page.evaluate(KEYS, [".map canvas", 20]))) < explorer_page.FRAME
    assert explorer_page.fastest(lambda: min(page.evaluate(DRAGS, 20))) < explorer_page.FRAME
