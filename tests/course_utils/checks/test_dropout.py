"""check_dropout and check_head_dropout: what is dropped, by chance or not, and how the rest is scaled."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from course_utils.checks import CheckError, check_dropout, check_head_dropout


class Drop(nn.Module):
    """Dropout by hand, with a fault where one is asked for."""

    def __init__(self, p, fault=""):
        super().__init__()
        self.p, self.fault = p, fault

    def forward(self, x):
        fault, p = self.fault, self.p
        if not self.training:
            return {"drops in eval": F.dropout(x, p), "scales in eval": x * (1 - p)}.get(fault, x)
        if p == 1 and fault != "nan":
            return x * 0
        if fault == "one mask":
            torch.manual_seed(0)
        mask = torch.rand_like(x) >= (1 - p if fault == "stays" else p)
        if fault == "batch":
            mask = mask[:1].expand_as(x)
        if fault == "exact":
            order = torch.rand(x.shape[0], x[0].numel()).argsort(1).argsort(1)
            mask = (order >= int(p * x[0].numel())).reshape(x.shape)
        if fault == "data":
            return (x * mask / (1 - p)).detach()
        return x * mask / {"unscaled": 1, "by p": p}.get(fault, 1 - p)


@pytest.fixture
def x():
    torch.manual_seed(6)
    return torch.rand(40, 6, 8, 7) + 1


@pytest.mark.parametrize("p", [0.0, 0.2, 0.7, 1.0])
def test_right_dropouts_pass(x, p):
    check_dropout(Drop(p), x, p, "Dropout")
    check_dropout(nn.Dropout(p), x, p, "Dropout")


@pytest.mark.parametrize(
    ("fault", "p", "says"),
    [
        ("stays", 0.2, "p is the share that goes"),
        ("unscaled", 0.2, "the rest is not scaled up"),
        ("by p", 0.2, "it is divided by p"),
        ("one mask", 0.2, "the same places in each pass"),
        ("batch", 0.2, "the same for all images of the batch"),
        ("exact", 0.2, "exactly the same share of each image"),
        ("data", 0.2, "whether a gradient comes back"),
        ("drops in eval", 0.2, "evaluation mode drops too"),
        ("scales in eval", 0.2, "evaluation mode scales down"),
        ("nan", 1.0, "0 / 0"),
    ],
)
def test_a_mistake_is_named(x, fault, p, says):
    with pytest.raises(CheckError) as error:
        check_dropout(Drop(p, fault), x, p, "Dropout")
    assert says in str(error.value)


class Head(nn.Module):
    """A network with a place for dropout in front of its head, before and behind its last layer."""

    def __init__(self, p, place="last", kind=nn.Dropout):
        super().__init__()
        drops = {
            name: kind(p) if name in place.split(" and ") else nn.Identity()
            for name in ("maps", "front", "last", "logits")
        }
        self.conv, self.drops = nn.Conv2d(1, 4, 3, padding=1), nn.ModuleDict(drops)
        self.hidden, self.last = nn.Linear(4 * 36, 20), nn.Linear(20, 5)

    def forward(self, x):
        x = self.drops["front"](self.drops["maps"](self.conv(x).relu()).flatten(1))
        return self.drops["logits"](self.last(self.drops["last"](self.hidden(x).relu_())))


@pytest.mark.parametrize("place", ["last", "front", "front and last"])
@pytest.mark.parametrize("p", [0.3, 0.7])
def test_dropout_in_the_head_passes(place, p):
    torch.manual_seed(7)
    check_head_dropout(Head(p, place), Head(0.0, place), torch.randn(400, 1, 6, 6), p, "net(x)")


@pytest.mark.parametrize(
    ("net", "still", "says"),
    [
        (lambda: Head(0.2, "logits"), lambda: Head(0.0, "logits"), "logits, behind the last layer"),
        (lambda: Head(0.2, ""), lambda: Head(0.0, ""), "nothing: two passes agree"),
        (lambda: Head(0.8), lambda: Head(1.0), "the share that goes"),
        (lambda: Head(0.5), lambda: Head(0.5), "dropout_p is not handed on"),
        (lambda: Head(0.2, "maps", nn.Dropout2d), lambda: Head(0.0, "maps"), "whole groups of features together"),
        (lambda: Head(0.2, kind=nn.AlphaDropout), lambda: Head(0.0), "features in the head"),
    ],
    ids=["logits", "nothing", "stays", "ignored", "maps", "other"],
)
def test_a_mistake_in_the_head_is_named(net, still, says):
    torch.manual_seed(8)
    with pytest.raises(CheckError) as error:
        check_head_dropout(net(), still(), torch.randn(400, 1, 6, 6), 0.2, "net(x)")
    assert says in str(error.value)
