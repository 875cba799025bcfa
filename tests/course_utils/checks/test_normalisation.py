"""check_batch_norm: a layer against PyTorch's, with the mistake named where it is known."""

import pytest
import torch
from torch import nn

from course_utils.checks import CheckError, check_batch_norm

AXES = (0, 2, 3)


class Norm(nn.BatchNorm2d):
    """Batch normalisation by hand, with a fault where one is asked for."""

    fault = ""

    def forward(self, x):
        fault, axes = self.fault, (2, 3) if self.fault == "per image" else AXES
        mean, var = x.mean(axes, keepdim=True), x.var(axes, correction=int(self.fault == "unbiased"), keepdim=True)
        if not self.training and fault != "batch in eval":
            mean, var = self.running_mean[:, None, None], self.running_var[:, None, None]
        if self.training or fault == "updates in eval":
            weight = 0.1 if fault == "momentum" else 1 - self.momentum if fault == "reversed" else self.momentum
            with torch.no_grad():
                self.running_mean.lerp_(x.mean(AXES), weight)
                self.running_var.lerp_(x.var(AXES, correction=int(fault != "biased")), weight)
        if fault == "detached":
            mean, var = mean.detach(), var.detach()
        root = var + self.eps if fault == "no root" else (var + (1e-5 if fault == "eps" else self.eps)).sqrt()
        y = (x - mean) / root
        if fault == "bias first":
            return (y + self.bias[:, None, None]) * self.weight[:, None, None]
        y = y * self.weight[:, None, None] + self.bias[:, None, None]
        return y.detach() if fault == "cut" else y


@pytest.fixture
def x():
    torch.manual_seed(5)
    return 3 * torch.randn(3, 2, 5, 4) + torch.tensor([1.0, -7.0])[:, None, None]


def judge(fault, x, training):
    layer, theirs = (kind(2, eps=0.1, momentum=0.3) for kind in (Norm, nn.BatchNorm2d))
    layer.fault = fault
    with torch.no_grad():
        for key, values in {
            "weight": (2, -1),
            "bias": (0.5, 4),
            "running_mean": (0.7, -3),
            "running_var": (4, 5),
        }.items():
            getattr(theirs, key).copy_(torch.tensor(values))
    check_batch_norm(layer, theirs.train(training), x, "layer")


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("images", [1, 3])
def test_a_right_layer_passes(x, training, images):
    judge("", x[:images], training)


@pytest.mark.parametrize(
    ("fault", "training", "says"),
    [
        ("unbiased", True, "the unbiased variance normalises"),
        ("per image", True, "each image is normalised by itself"),
        ("no root", True, "it divides by the variance"),
        ("no root", False, "it divides by the variance"),
        ("eps", True, "eps is fixed"),
        ("bias first", False, "it shifts by the bias before"),
        ("biased", True, "running_var takes the biased variance"),
        ("reversed", True, "momentum is the weight of the new value"),
        ("momentum", True, "momentum is fixed at 0.1"),
        ("batch in eval", False, "the batch's mean and variance normalise; in evaluation mode"),
        ("updates in eval", False, "it is updated; that is for training mode alone"),
        ("detached", True, "the batch's mean and variance are cut off"),
        ("cut", True, "no_grad, detach or .data"),
    ],
)
def test_a_mistake_is_named(x, fault, training, says):
    with pytest.raises(CheckError) as error:
        judge(fault, x, training)
    assert says in str(error.value)


def test_pytorchs_own_is_refused(x):
    with pytest.raises(CheckError, match="blocked"):
        check_batch_norm(nn.BatchNorm2d(2), nn.BatchNorm2d(2), x, "layer")
