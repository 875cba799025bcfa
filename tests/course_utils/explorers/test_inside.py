import base64
import io
import re

import matplotlib.pyplot as plt
import pytest
import torch
from PIL import Image
from torch import nn
from torch.nn import functional as F

from course_utils.explorers import inside
from course_utils.receptive_field import receptive_field

CLASSES = ["shirt", "bag"]


def small_model():
    """One map: the sum of a pixel and its right neighbour; logits 6 · mean and 0."""
    model = nn.Sequential(nn.Conv2d(1, 1, (1, 2)), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(1, 2))
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.zero_()
        model[0].weight.fill_(1.0)
        model[4].weight[0] = 14.0
    return model


def one_pixel():
    picture = torch.zeros(1, 1, 8, 8)
    picture[0, 0, 2, 5] = 4.0
    return picture


def test_in_words_it_has_the_numbers_of_the_still_figure():
    # two places of the 8 by 7 map are 4, its mean is 8/56, the logit 14 · 8/56 = 2, the probability e² / (e² + 1)
    trained, random = repr(inside(small_model(), one_pixel(), [1], CLASSES)).split(" With random weights it says: ")
    assert trained == (
        "Picture 0, 8 by 8, is labelled bag. The network says: shirt 88.1 %, bag 11.9 %. For shirt, Grad-CAM is "
        "highest at row 2, column 5, saliency is highest at row 2, column 5. Layer 1: ReLU, 1 maps of 8×7: the highest "
        "number, in map 0, row 2, column 4, is 4.000, and reads rows 2 to 2 and columns 4 to 5 of the picture, which "
        "are outlined."
    )
    assert re.fullmatch(
        r"(shirt|bag) [5-9]\d\.\d %, (shirt|bag) [0-5]\d\.\d %\. For \1, Grad-CAM is .*, saliency is .*\.", random
    )


def test_where_nothing_speaks_for_a_class_it_says_so():
    model = small_model()
    model[4].weight.data[0] = -14.0  # the logits are −2 and 0: nothing moves the second
    assert "For bag, Grad-CAM is 0 everywhere, saliency is 0 everywhere." in repr(
        inside(model, one_pixel(), [1], CLASSES)
    )


def test_the_state_has_both_networks_and_the_pictures_numbers():
    model = small_model().train()
    state = inside(model, torch.cat([one_pixel(), one_pixel() - 1]), [1, 0], CLASSES).state
    assert (state["low"], state["high"], state["size"], state["labels"]) == (-1.0, 4.0, [1, 8, 8], [1, 0])
    assert [layer["label"].split(",")[0] for layer in state["layers"]] == [
        "0: convolution",
        "1: ReLU",
        "2: average pooling",
    ]
    assert [layer["kernel"] for layer in state["layers"]] == [1, 1, 1]
    assert state["evidence"] == 2
    assert state["start"] == {"layer": 1, "map": 0, "row": 2, "column": 4}
    shapes = [[node["shape"] for node in state[key]] for key in ("trained", "random")]
    assert shapes[0] == shapes[1]
    assert state["trained"][1]["weight"] != state["random"][1]["weight"]
    assert model.training
    assert model[0].weight.tolist() == [[[[1.0, 1.0]]]]


def test_random_weights_are_the_same_each_time_and_leave_the_generator_alone():
    model, before = small_model(), torch.get_rng_state()
    one, two = (inside(model, one_pixel(), [1], CLASSES).state["random"] for _ in range(2))
    assert one == two
    assert torch.equal(torch.get_rng_state(), before)


class Branches(nn.Module):
    """A sum and a concatenation; the convolution before them reads padding alone in its corners."""

    def __init__(self):
        super().__init__()
        self.first = nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), nn.BatchNorm2d(4), nn.Tanh())
        self.later = nn.Conv2d(4, 4, 1, padding=1, bias=False)
        self.dropout = nn.Dropout(0.5)
        self.head = nn.Linear(8 * 2 * 2, 5)

    def forward(self, x):
        x = F.max_pool2d(self.first(x), 2)
        y = F.max_pool2d(self.later(x), 3, 1)
        x = self.dropout(torch.cat([x, x + y], 1))
        return self.head(F.adaptive_avg_pool2d(x, 2).flatten(1))


def test_what_each_pixel_reads_is_its_receptive_field():
    model, shape = Branches(), (3, 10, 8)
    state = inside(model, torch.rand(1, *shape), [0], "abcde").state
    fields = receptive_field(model, shape)
    nodes = state["trained"]
    assert [nodes[layer["kernel"]]["name"] if layer["kernel"] else None for layer in state["layers"]] == (
        ["first.0"] * 4 + ["later"] * 2 + [None] * 3
    )
    for layer in state["layers"]:
        field = fields[layer["node"] - 1]
        assert nodes[layer["node"]]["shape"] == list(field.output_shape)
        for i, rows in enumerate(layer["rows"]):
            for j, columns in enumerate(layer["columns"]):
                bounds = field.bounds((i, j))
                assert bounds == (tuple(rows), tuple(columns)) if bounds else not (rows and columns)


def test_the_still_figure_is_small_the_same_each_time_and_marks_what_the_pixel_reads():
    explorer = inside(small_model(), one_pixel(), [1], CLASSES)
    figure = explorer.draw()
    picture = figure.axes[0]
    (outline,) = picture.patches
    plt.close(figure)
    assert (outline.get_xy(), outline.get_width(), outline.get_height()) == ((3.5, 1.5), 2, 1)
    html = explorer.still()["text/html"]
    assert html == explorer.still()["text/html"]
    (data,) = re.findall(r'src="data:image/png;base64,([^"]+)"', html)
    assert len(data) < 60_000
    assert Image.open(io.BytesIO(base64.b64decode(data))).width > 400


def test_a_strongest_pixel_that_reads_padding_alone():
    model = nn.Sequential(nn.Conv2d(1, 1, 1, padding=1), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(1, 2))
    with torch.no_grad():
        model[0].weight.fill_(-1.0)
        model[0].bias.fill_(1.0)
    explorer = inside(model, torch.ones(1, 1, 8, 8), [0], CLASSES)
    assert "row 0, column 0, is 1.000, and reads nothing but padding." in repr(explorer)
    explorer.still()


def model_for(classes=2, channels=1, padding=0):
    convolution = nn.Conv2d(channels, 2, 3, padding=padding)
    return nn.Sequential(convolution, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(2, classes))


class Forks(nn.Module):
    def forward(self, x):
        return x if x.sum() > 0 else -x


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"images": torch.zeros(28, 28)}, r"images has shape \(28, 28\); expected \(N, C, H, W\): 1 to 12 pictures"),
        ({"images": torch.zeros(1, 2, 8, 8)}, r"images has shape \(1, 2, 8, 8\); expected"),
        ({"images": torch.zeros(13, 1, 8, 8)}, r"images has shape \(13, 1, 8, 8\); expected"),
        ({"images": torch.zeros(1, 1, 8, 33)}, "8 to 32 rows and columns"),
        ({"images": torch.full((1, 1, 8, 8), torch.nan)}, "images has a number that is not finite"),
        ({"labels": [2]}, r"labels is \[2\]; expected 1 numbers from 0 to 1, one for each picture"),
        ({"labels": [0, 1]}, r"labels is \[0, 1\]; expected 1 numbers"),
        ({"classes": ["shirt"]}, "classes has 1 names; expected 2 to 20"),
        (
            {"model": model_for(3)},
            r"model gives \(3,\) for a picture; expected \(2,\), a logit for each of the 2 names in classes",
        ),
        ({"model": nn.Conv2d(1, 2, 3)}, r"model gives \(2, 6, 6\) for a picture; expected"),
        ({"model": nn.Sequential(nn.Flatten(), nn.Linear(64, 2))}, "model has no convolution: expected one"),
        ({"model": model_for(channels=3)}, r"model cannot be followed on a picture of \(1, 8, 8\): RuntimeError: "),
        ({"model": nn.Sequential(model_for(), Forks())}, "torch.fx cannot trace the model: TraceError: symbolically"),
        ({"model": nn.Sequential(model_for(), nn.Softmax(1))}, "the page cannot compute `_1` .Softmax."),
        ({"model": nn.Sequential(nn.Flatten(), nn.Linear(64, 1200))}, "model has 78,000 parameters; the page has room"),
        (
            {"model": model_for(padding=1300)},
            r"model needs [\d,]+ products for a picture; the page computes 2,000,000 while you paint",
        ),
    ],
)
def test_what_it_refuses(arguments, message):
    given = {"model": model_for(), "images": torch.zeros(1, 1, 8, 8), "labels": [0], "classes": CLASSES}
    with pytest.raises(ValueError, match=message):
        inside(**given | arguments)


def test_a_model_must_be_a_module():
    with pytest.raises(TypeError, match=r"model is function; expected a torch.nn.Module"):
        inside(model_for, torch.zeros(1, 1, 8, 8), [0], CLASSES)
