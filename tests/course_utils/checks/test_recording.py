"""The make-believe device, and the models, optimizers and loaders that keep a diary."""

import torch

from course_utils.checks import TrainingTrial
from course_utils.checks.recording import DEVICE, HOST, Placed, RecordingModel, RecordingSGD, plain

# The make-believe device


def test_a_tensor_keeps_its_place():
    log = []
    host = Placed.put(torch.arange(6.0).view(2, 3), HOST, log)
    moved = host.to(DEVICE)
    assert host.device == HOST
    assert moved.device == DEVICE
    assert (moved.argmax(1) + 1).device == DEVICE
    assert moved.to(host).device == host.to("cpu").device == moved.cpu().device == HOST
    assert moved.device == DEVICE  # unchanged by all this
    assert moved.to(torch.float64).device == moved.to(torch.float64, copy=True).device == DEVICE
    assert host.to(device=DEVICE, non_blocking=True).device == DEVICE
    assert [part.device for part in torch.split(moved, 1)] == [DEVICE, DEVICE]
    assert not log


def test_two_places_in_one_operation_are_noted():
    log = []
    host = Placed.put(torch.ones(3), HOST, log)
    device = Placed.put(torch.ones(3), DEVICE, log)
    assert (host == device).all()
    assert [event.kind for event in log] == ["mixed"]
    host + device.sum()  # a number goes with either, as in PyTorch
    host + torch.ones(3)
    assert len(log) == 1


def test_the_network_lies_on_the_device_and_computes_as_an_ordinary_one():
    model = RecordingModel("m", [], seed=3)
    images = torch.randn(2, 1, 4, 5, dtype=torch.float64)
    assert {parameter.device for parameter in model.parameters()} == {DEVICE}
    torch.testing.assert_close(plain(model(images)), model.plain_copy()(images).detach())
    assert all(parameter.is_leaf for parameter in model.to(DEVICE).parameters())


def test_a_trial_leaves_the_random_numbers_alone():
    torch.manual_seed(0)
    expected = torch.rand(3)
    torch.manual_seed(0)
    TrainingTrial("loop")
    assert torch.equal(torch.rand(3), expected)


def test_the_optimizer_takes_a_closure():
    model = RecordingModel("m", [], seed=0)
    assert RecordingSGD(model, lr=0.1).step(lambda: 7) == 7
