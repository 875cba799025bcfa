"""Each fault of a beginner's training run: what came, what was expected, what mends it. And the mend works."""

import math

import pytest
import torch
from torch import nn
from torch.nn import functional as F
from torch.optim import lr_scheduler
from torch.utils.data import DataLoader, TensorDataset
from torchvision.datasets import FakeData

from course_utils.training import TensorLoader, TrainingError, evaluate, fit
from tests.course_utils.training.small_training import small_images, small_loader, small_net


def train(model, loader, epochs=1, optimizer=None, loss_fn=None, **options):
    options = {"device": "cpu", "progress": False, **options}
    optimizer = optimizer or torch.optim.SGD(model.parameters(), 0.1)
    return fit(model, loader, epochs=epochs, optimizer=optimizer, loss_fn=loss_fn or nn.CrossEntropyLoss(), **options)


def batches(images=None, labels=None):
    """Two batches; what is not given is right."""
    right_images, right_labels = small_images(8)
    images = right_images / 255 if images is None else images
    labels = right_labels if labels is None else labels
    return [(images[:4], labels[:4]), (images[4:], labels[4:])]


# Labels and outputs


@pytest.mark.parametrize("loss_fn", [nn.CrossEntropyLoss(), F.cross_entropy])
@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ([1, 2, 3, 1, 1, 2, 3, 1], "labels run from 1 to 3, but the model's 3 outputs .* 0 to 2.*subtract 1"),
        ([0, 1, 2, -1, 0, 1, 2, 0], "labels run from -1 to 2.*No class is negative"),
        ([0, 1, 2, 9, 0, 1, 2, 0], "labels run from 0 to 9.*Give the last layer 10 outputs"),
    ],
)
def test_labels_out_of_range(labels, message, loss_fn):
    with pytest.raises(TrainingError, match=message):
        train(small_net(), batches(labels=torch.tensor(labels)), loss_fn=loss_fn)


def test_a_late_label_out_of_range():
    images, labels = small_images(40)
    labels[-1] = 7
    with pytest.raises(TrainingError, match="epoch 1: label 7 has no output"):
        train(small_net(), DataLoader(TensorDataset(images / 255, labels), 8))
    # A TensorLoader has all labels at hand: before the first step.
    model = small_net()
    before = model[0].weight.detach().clone()
    with pytest.raises(TrainingError, match="labels run from 0 to 7"):
        train(model, TensorLoader((images, labels), 8, device="cpu"))
    assert torch.equal(model[0].weight, before)


def test_labels_to_ignore_are_no_error():
    labels = torch.tensor([0, 1, -100, 2, 0, 1, 2, -100])
    assert math.isfinite(train(small_net(), batches(labels=labels))["train_loss"][0])


@pytest.mark.parametrize("outputs", [2, 5])
def test_model_and_data_disagree_on_the_classes(outputs):
    model = nn.Sequential(nn.Flatten(), nn.Linear(3 * 8 * 8, outputs))
    data = FakeData(8, (3, 8, 8), 3, transform=lambda picture: torch.zeros(3, 8, 8))
    data.classes = ["a", "b", "c"]
    with pytest.raises(TrainingError, match=f"model gives {outputs} outputs, but the data have 3 classes.*3 outputs"):
        train(model, DataLoader(data, 4))


def test_outputs_of_the_wrong_shape():
    with pytest.raises(TrainingError, match=r"outputs of shape \(4, 3, 6, 8\); expected \(N, classes\).*Flatten"):
        train(nn.Conv2d(1, 3, 1), batches())


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (torch.zeros(8, 1, dtype=torch.int64), r"labels are \(4, 1\) int64 on cpu; expected one class number.*squeeze"),
        (torch.zeros(8), r"labels are \(4,\) float32 on cpu; this loss wants class numbers.*labels\.long\(\)"),
        (torch.zeros(8).int(), r"labels are \(4,\) int32 on cpu; this loss wants class numbers.*labels\.long\(\)"),
    ],
)
def test_labels_of_the_wrong_shape_or_type(labels, message):
    with pytest.raises(TrainingError, match=message):
        train(small_net(), batches(labels=labels))


def test_a_view_that_mixes_the_batch():
    class Mixes(nn.Module):
        def __init__(self):
            super().__init__()
            self.linear = nn.Linear(24, 3)

        def forward(self, x):
            return self.linear(x.view(-1, 24))

    with pytest.raises(TrainingError, match=r"gives 8 rows for 4 labels.*flatten"):
        train(Mixes(), batches())


# Images


def test_channels_disagree():
    model = nn.Sequential(nn.Conv2d(3, 4, 3), nn.Flatten(), nn.Linear(96, 3))
    with pytest.raises(
        TrainingError, match=r"expects 3 channels and got 1\. The images are \(4, 1, 6, 8\).*in_channels=C"
    ):
        train(model, batches())
    train(nn.Sequential(nn.Conv2d(1, 4, 3), nn.Flatten(), nn.Linear(96, 3)), batches())


def test_wrong_linear_entry_says_the_right_one():
    with pytest.raises(TrainingError, match=r"expects 50 features and got 48.*nn\.Linear\(48, 3\)"):
        train(nn.Sequential(nn.Flatten(), nn.Linear(50, 3)), batches())
    train(nn.Sequential(nn.Flatten(), nn.Linear(48, 3)), batches())


def test_a_view_of_channels_last():
    class Views(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv, self.linear = nn.Conv2d(1, 4, 3), nn.Linear(96, 3)

        def forward(self, x):
            return self.linear(self.conv(x).view(-1, 96))

    train(Views(), batches())
    with pytest.raises(TrainingError, match=r"channels_last=True, .* Use x\.flatten\(1\)"):
        train(Views(), batches(), channels_last=True)


def test_bytes_and_pictures():
    with pytest.raises(TrainingError, match=r"images are \(4, 1, 6, 8\) uint8 on cpu.*images\.float\(\) / 255"):
        train(small_net(), batches(images=small_images(8)[0]))
    with pytest.raises(TrainingError, match=r"pictures, not tensors.*ToTensor"):
        train(small_net(), DataLoader(FakeData(4, (1, 6, 8), 3), 4))
    with pytest.raises(TypeError, match=r"pair of tensors .* one of them is a list"):
        train(small_net(), [([1], [2])])


def test_batch_norm_and_a_last_batch_of_one():
    model = nn.Sequential(nn.Flatten(), nn.Linear(48, 4), nn.BatchNorm1d(4), nn.Linear(4, 3))
    with pytest.raises(TrainingError, match=r"batch of one image.*drop_last=True"):
        train(model, small_loader(count=9))
    train(model, small_loader(count=9, drop_last=True))


# Loaders


def test_empty_loaders():
    empty = TensorDataset(torch.zeros(0, 1, 6, 8), torch.zeros(0, dtype=torch.int64))
    for loader in ([], DataLoader(empty, 4), DataLoader(TensorDataset(*small_images(3)), 4, drop_last=True)):
        with pytest.raises(ValueError, match=r"train has no batch.*drop_last=True"):
            train(small_net(), loader)
        with pytest.raises(ValueError, match="loader has no batch"):
            evaluate(small_net(), loader, nn.CrossEntropyLoss(), device="cpu")
        with pytest.raises(ValueError, match="val has no batch"):
            train(small_net(), small_loader(), val=loader)

    class SaysNothing:
        def __iter__(self):
            return iter(())

    with pytest.raises(ValueError, match="gave no batch"):
        train(small_net(), SaysNothing())
    with pytest.raises(ValueError, match="train is a generator, which is empty after one pass"):
        train(small_net(), (batch for batch in batches()))


def test_data_on_another_device():
    loader = TensorLoader(small_images(), 8, device="meta")
    with pytest.raises(
        ValueError, match=r"data of train lie on meta, .* run on cpu; give TensorLoader\(..., device='cpu'\)"
    ):
        train(small_net(), loader)
    with pytest.raises(ValueError, match="data of loader lie on meta"):
        evaluate(small_net(), loader, nn.CrossEntropyLoss(), device="cpu")


def test_a_tensor_left_behind_on_another_device():
    class Forgets(nn.Module):
        def __init__(self):
            super().__init__()
            self.net = small_net()
            self.offset = torch.zeros(6, 8, device="meta")

        def forward(self, x):
            return self.net(x + self.offset)

    with pytest.raises(TrainingError, match=r"tensors on different devices met.*register_buffer"):
        train(Forgets(), batches())


# Model and optimizer


def test_an_optimizer_of_another_model():
    model, other = small_net(), small_net()
    with pytest.raises(ValueError, match=r"4 of the 4 parameter tensors .*SGD\(model.parameters\(\)"):
        train(model, batches(), optimizer=torch.optim.SGD(other.parameters(), 0.1))


def test_an_optimizer_from_before_the_last_layer_was_replaced():
    model = small_net()
    optimizer = torch.optim.Adam(model.parameters())
    model[5] = nn.Linear(96, 3)
    with pytest.raises(ValueError, match=r"2 of the 4 parameter tensors .* do not belong to this model"):
        train(model, batches(), optimizer=optimizer)
    train(model, batches(), optimizer=torch.optim.Adam(model.parameters()))


def test_an_optimizer_of_a_part_is_fine():
    model = small_net()
    before = model[0].weight.detach().clone()
    train(model, batches(), optimizer=torch.optim.SGD(model[5].parameters(), 0.1))
    assert torch.equal(model[0].weight, before)


def test_no_optimizer_and_nothing_to_train():
    with pytest.raises(TypeError, match=r"optimizer is <class .*Adam'>; expected an optimizer built from"):
        train(small_net(), batches(), optimizer=torch.optim.Adam)
    model = small_net()
    optimizer = torch.optim.SGD(model.parameters(), 0.1)
    model.requires_grad_(False)
    with pytest.raises(ValueError, match=r"Sequential has no trainable parameter.*unfreeze"):
        train(model, batches(), optimizer=optimizer)


# Schedulers and numbers


def test_schedulers():
    model = small_net()
    optimizer = torch.optim.SGD(model.parameters(), 0.1)
    scheduler = lr_scheduler.StepLR(optimizer, 1)
    with pytest.raises(ValueError, match=r"say when StepLR is to step: scheduler_every='step'.*'epoch'"):
        train(model, batches(), optimizer=optimizer, scheduler=scheduler)
    with pytest.raises(ValueError, match="scheduler_every='epoch' but no scheduler"):
        train(model, batches(), optimizer=optimizer, scheduler_every="epoch")
    with pytest.raises(ValueError, match="built for another optimizer"):
        train(model, batches(), scheduler=scheduler, scheduler_every="epoch")
    plateau = lr_scheduler.ReduceLROnPlateau(optimizer)
    with pytest.raises(ValueError, match="use scheduler_every='epoch'"):
        train(model, batches(), optimizer=optimizer, scheduler=plateau, scheduler_every="step")
    short = lr_scheduler.OneCycleLR(optimizer, 0.1, total_steps=3)
    with pytest.raises(ValueError, match=r"made for 3 steps .*, and this run needs 4: .*Give it total_steps=4"):
        train(model, batches(), epochs=2, optimizer=optimizer, scheduler=short, scheduler_every="step")


@pytest.mark.parametrize(
    "wrong",
    [{"epochs": 0}, {"epochs": 1.5}, {"epochs": True}, {"patience": 0}, {"clip_norm": 0}, {"clip_norm": math.nan}],
)
def test_numbers(wrong):
    with pytest.raises(ValueError, match=f"{next(iter(wrong))} is .*; expected"):
        train(small_net(), batches(), **wrong)


# The loss


def test_a_loss_that_is_no_mean():
    with pytest.raises(TrainingError, match=r"one number, the mean .* CrossEntropyLoss gave \(4,\) .*n='mean'"):
        train(small_net(), batches(), loss_fn=nn.CrossEntropyLoss(reduction="none"))
    with pytest.raises(TrainingError, match=r"one number, the mean .* <lambda> gave a float\. Return the mean"):
        train(small_net(), batches(), loss_fn=lambda outputs, labels: F.cross_entropy(outputs, labels).item())


def test_a_loss_without_a_gradient():
    with pytest.raises(TrainingError, match=r"loss has no gradient.*Often detach\(\)"):
        train(small_net(), batches(), loss_fn=lambda outputs, labels: (outputs.argmax(1) == labels).float().mean())


@pytest.mark.parametrize("loss_fn", [nn.CrossEntropyLoss, "cross_entropy", 0.5])
def test_what_is_no_loss_function(loss_fn):
    with pytest.raises(TypeError, match=r"loss_fn is .*; expected a function .* nn\.CrossEntropyLoss\(\)"):
        train(small_net(), batches(), loss_fn=loss_fn)


def test_a_learning_rate_far_too_high():
    model = nn.Sequential(nn.Flatten(), nn.Linear(48, 3))
    wild = torch.optim.SGD(model.parameters(), lr=1e30)
    with pytest.raises(TrainingError, match=r"epoch 1, batch \d+: the loss is (nan|inf).*learning rate, now 1e\+30,"):
        train(model, small_loader(), loss_fn=lambda out, y: F.cross_entropy(out**2, y), optimizer=wild)


@pytest.mark.parametrize(("poisoned", "value"), [(3, math.nan), (70, math.inf)])
def test_the_batch_is_named(poisoned, value):
    images, labels = small_images(80)
    images = images / 255
    images[poisoned - 1] = value
    with pytest.raises(TrainingError, match=f"epoch 1, batch {poisoned}: the loss is nan"):
        train(small_net(), TensorLoader((images, labels), 1, device="cpu"))


def test_a_loss_that_is_not_finite_writes_no_checkpoint(tmp_path):
    poisoned = small_images(8)[0] * math.nan
    with pytest.raises(TrainingError, match="batch 1: the loss is nan"):
        train(small_net(), batches(images=poisoned), checkpoint=tmp_path / "run.pt")
    assert not (tmp_path / "run.pt").exists()


# Memory


def test_out_of_memory():
    class Greedy(nn.Module):
        def __init__(self):
            super().__init__()
            self.net = small_net()

        def forward(self, x):
            return self.net(x) + torch.empty(10**15).sum()

    message = (
        r"epoch 1: out of memory \(asked for 4000000000000000 bytes more\) with a batch of \(4, 1, 6, 8\).*batch_size"
    )
    with pytest.raises(TrainingError, match=message):
        train(Greedy(), batches())
    with pytest.raises(TrainingError, match="evaluation: out of memory"):
        evaluate(Greedy(), batches(), nn.CrossEntropyLoss(), device="cpu")


def test_an_unknown_error_is_not_touched():
    class Broken(nn.Module):
        def __init__(self):
            super().__init__()
            self.net = small_net()

        def forward(self, x):
            raise ZeroDivisionError("mine")

    with pytest.raises(ZeroDivisionError, match=r"^mine$"):
        train(Broken(), batches())
