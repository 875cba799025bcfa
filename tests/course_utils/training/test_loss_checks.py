"""Outputs and labels whose shapes broadcast are an error with both shapes and the mend; what is meant passes."""

import functools

import pytest
import torch
from torch import nn
from torch.nn import functional as F
from torchvision import models

from course_utils.training import TrainingError, evaluate
from tests.course_utils.training.small_training import train


def rows(outputs, labels):
    """Both drawn from 0.1 to 0.9, which every loss takes."""
    torch.manual_seed(0)
    return [(0.1 + 0.8 * torch.rand(outputs), 0.1 + 0.8 * torch.rand(labels))]


LOSSES = [
    nn.MSELoss(),
    nn.L1Loss(),
    nn.SmoothL1Loss(),
    nn.HuberLoss(),
    nn.BCELoss(),
    nn.BCEWithLogitsLoss(),
    nn.KLDivLoss(reduction="batchmean"),
    nn.PoissonNLLLoss(),
    nn.SoftMarginLoss(),
    nn.HingeEmbeddingLoss(),
    nn.MultiLabelSoftMarginLoss(),
    F.mse_loss,
    F.poisson_nll_loss,
    functools.partial(F.smooth_l1_loss, beta=0.5),
]


def called_inside(loss_fn):
    return lambda outputs, labels: 2 * loss_fn(outputs, labels)


@pytest.mark.parametrize("loss_fn", [*LOSSES, *map(called_inside, LOSSES)])
def test_a_column_and_a_row(loss_fn):
    message = r"outputs have shape \(4, 1\) and the labels \(4,\).*labels\[:, None\], or outputs\.squeeze\(1\)"
    with pytest.raises(TrainingError, match=message):
        evaluate(nn.Identity(), rows((4, 1), (4,)), loss_fn, device="cpu")
    with pytest.raises(TrainingError, match=message):
        train(nn.Linear(3, 1), [(torch.rand(4, 3), torch.rand(4))], loss_fn=loss_fn)
    same = [(outputs, labels[:, None]) for outputs, labels in rows((4, 1), (4,))]  # the mend
    evaluate(nn.Identity(), same, loss_fn, device="cpu")


@pytest.mark.parametrize(
    "loss_fn",
    [
        lambda outputs, labels: ((outputs - labels) ** 2).mean(),
        lambda outputs, labels: torch.sub(labels, outputs).abs().mean(),
        lambda outputs, labels: (1 - outputs * labels).clamp(min=0).mean(),
        lambda outputs, labels: nn.GaussianNLLLoss()(outputs, labels, torch.ones(4)),
    ],
)
def test_arithmetic_of_ones_own(loss_fn):
    with pytest.raises(TrainingError, match=r"\(4, 1\) and the labels \(4,\), but the loss function compares"):
        evaluate(nn.Identity(), rows((4, 1), (4,)), loss_fn, device="cpu")
    evaluate(nn.Identity(), rows((4,), (4,)), loss_fn, device="cpu")


@pytest.mark.parametrize(
    ("outputs", "labels", "mend"),
    [
        ((4,), (4, 1), r"labels\.squeeze\(1\)"),
        ((4, 2, 3, 1), (4, 2, 3), r"labels\[\.\.\., None\], or outputs\.squeeze\(3\)"),
        ((4, 3), (4,), r"class numbers, use nn\.CrossEntropyLoss\(\).*one output and use labels\[:, None\]"),
        ((4, 4), (4,), r"class numbers"),  # (4,) broadcasts over the rows
        ((4, 3), (4, 1), r"or labels of the outputs' shape"),
        ((4, 3), (4, 5), r"or labels of the outputs' shape"),
        ((4, 1, 1), (4,), r"labels\.view_as\(outputs\)"),
        ((1, 1), (1,), r"outputs\.squeeze\(1\)"),
    ],
)
def test_other_shapes_that_differ(outputs, labels, mend):
    with pytest.raises(TrainingError, match=mend):
        evaluate(nn.Identity(), rows(outputs, labels), nn.MSELoss(), device="cpu")


def test_a_later_batch_is_looked_at_too():
    parts = rows((4,), (4,)) + rows((4,), (4, 1))
    with pytest.raises(TrainingError, match=r"\(4,\) and the labels \(4, 1\)"):
        evaluate(nn.Identity(), parts, nn.MSELoss(), device="cpu")


@pytest.mark.parametrize(
    "loss_fn",
    [
        nn.CrossEntropyLoss(),
        lambda outputs, labels: F.cross_entropy(outputs, labels),
        lambda outputs, labels: (outputs[:, 0] - labels).abs().mean(),
        lambda outputs, labels: F.mse_loss(outputs[:, 0], labels.float()),
        lambda outputs, labels: F.mse_loss(outputs, torch.tensor(1.0)) + 0 * labels.sum(),  # one number for all
        lambda outputs, labels: (outputs[:, :1] - labels[None, :]).abs().mean(),  # all pairs, and says so
    ],
)
@pytest.mark.filterwarnings("ignore:Using a target size")
def test_what_is_meant_passes(loss_fn):
    parts = [(torch.rand(4, 3), torch.tensor([0, 1, 2, 0]))]
    assert evaluate(nn.Identity(), parts, loss_fn, device="cpu").loss > 0


def test_a_label_out_of_range_among_pixels():
    scores, labels = torch.rand(2, 3, 4, 4), torch.full((2, 4, 4), 3)
    with pytest.raises(TrainingError, match=r"labels run from 3 to 3.*subtract 1 .*; else give the last layer 4"):
        evaluate(nn.Identity(), [(scores, labels)], nn.CrossEntropyLoss(), device="cpu")
    labels[:] = 255
    labels[0, 0, 0] = 2
    evaluate(nn.Identity(), [(scores, labels)], nn.CrossEntropyLoss(ignore_index=255), device="cpu")


def test_validation_data_are_named():
    right, wrong = (torch.rand(4, 3), torch.tensor([0, 1, 2, 0])), (torch.rand(4, 3), torch.tensor([0, 1, 5, 0]))
    with pytest.raises(TrainingError, match=r"^epoch 1, validation: the labels run from 0 to 5"):
        train(nn.Linear(3, 3), [right], [wrong])


# Labels of the wrong shape or type


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (torch.zeros(4, 1, 6, 8, dtype=torch.int64), r"\(4, 1, 6, 8\) int64.*one class number for each pixel.*squeeze"),
        (torch.zeros(4, 3, 6, 8, dtype=torch.int64), r"\(4, 3, 6, 8\) int64.*taken for probabilities.*argmax\(1\)"),
    ],
)
def test_labels_of_pixels_of_the_wrong_shape(labels, message):
    with pytest.raises(TrainingError, match=message):
        train(nn.Conv2d(1, 3, 1), [(torch.rand(4, 1, 6, 8), labels)], loss_fn=nn.CrossEntropyLoss())


def test_whole_numbers_for_a_loss_that_wants_floats():
    with pytest.raises(TrainingError, match=r"labels are \(4, 3\) int64 on cpu.*labels\.float\(\)"):
        train(
            nn.Linear(2, 3), [(torch.rand(4, 2), torch.zeros(4, 3, dtype=torch.int64))], loss_fn=nn.BCEWithLogitsLoss()
        )


def test_bytes_as_labels():
    """A byte of 156 is a class, and not PyTorch's ignore_index of -100."""
    scores, labels = torch.zeros(2, 200), torch.tensor([156, 3], dtype=torch.uint8)
    scores[0, 156] = 9
    assert evaluate(nn.Identity(), [(scores, labels)], nn.CrossEntropyLoss(), device="cpu").accuracy == 0.5


# Several outputs


class Several(nn.Module):
    """Two heads: in a tuple, a list or a dict."""

    def __init__(self, kind):
        super().__init__()
        self.one, self.two, self.kind = nn.Linear(4, 3), nn.Linear(4, 3), kind

    def forward(self, inputs):
        one, two = self.one(inputs), self.two(inputs)
        return {"out": one, "aux": two} if self.kind is dict else self.kind([one, two])


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        (tuple, r"a tuple of 2: \(5, 3\) float32 on cpu; .*MSELoss takes one tensor.*outputs\[0\]"),
        (list, r"a list of 2: "),
        (dict, r"a dict with 'out': \(5, 3\) float32 on cpu, 'aux': .*outputs\['out'\]"),
    ],
)
def test_several_outputs_and_a_loss_for_one(kind, message):
    with pytest.raises(TrainingError, match=message):
        train(Several(kind), [(torch.rand(5, 4), torch.rand(5, 3))], loss_fn=nn.MSELoss())


@pytest.mark.parametrize("kind", [tuple, list, dict])
def test_several_outputs_and_a_loss_of_ones_own(kind, capsys):
    def both(outputs, labels):
        one, two = outputs.values() if kind is dict else outputs
        return F.cross_entropy(one, labels) + 0.4 * F.cross_entropy(two, labels)

    torch.manual_seed(0)
    images = torch.rand(6, 4)
    labels = images.argmax(1) % 3
    model = Several(kind)
    history = train(model, [(images, labels)], [(images, labels)], epochs=20, loss_fn=both, progress=True)
    with torch.no_grad():
        assert history["val_loss"][-1] == pytest.approx(both(model(images), labels).item())
    assert history["train_loss"][-1] < history["train_loss"][0]
    assert history["val_accuracy"][-1] is None  # which of the two, nobody said
    assert "val accuracy" not in capsys.readouterr().out


def with_auxiliary(outputs, labels):
    """GoogLeNet gives three outputs in training mode and one in evaluation mode."""
    if isinstance(outputs, torch.Tensor):
        return F.cross_entropy(outputs, labels)
    weights = {"logits": 1.0, "aux_logits1": 0.3, "aux_logits2": 0.3}
    return sum(weight * F.cross_entropy(getattr(outputs, name), labels) for name, weight in weights.items())


def test_networks_of_torchvision_with_several_outputs():
    images = torch.rand(2, 3, 64, 64)
    batch = images, torch.tensor([0, 2])
    network = models.googlenet(weights=None, num_classes=3, init_weights=False)
    history = train(network, [batch], [batch], epochs=1, loss_fn=with_auxiliary)
    assert history["train_accuracy"] == [None]
    assert history["val_accuracy"][0] in (0.0, 0.5, 1.0)
    with pytest.raises(TrainingError, match=r"a GoogLeNetOutputs of 3: \(2, 3\) float32 .* takes one tensor"):
        train(network, [batch])
    by_pixel = images, torch.randint(0, 3, (2, 64, 64))
    network = models.segmentation.lraspp_mobilenet_v3_large(weights=None, weights_backbone=None, num_classes=3)
    history = train(
        network, [by_pixel], epochs=1, loss_fn=lambda outputs, labels: F.cross_entropy(outputs["out"], labels)
    )
    assert history["train_loss"][0] > 0
    with pytest.raises(TrainingError, match=r"a OrderedDict with 'out': .*outputs\['out'\]"):
        train(network, [by_pixel])
