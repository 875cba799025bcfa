"""The make-believe device, and the models, optimizers and loaders that keep a diary."""

import torch

from course_utils.checks import TrainingTrial
from course_utils.checks.recording import DEVICE, HOST, Event, Placed, RecordingModel, RecordingSGD, plain, small_net

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


def test_where_operands_lie_is_noted():
    log = []
    host = Placed.put(torch.ones(3), HOST, log)
    device = Placed.put(torch.ones(3), DEVICE, log)
    assert (host == device).all()
    assert log.pop() == Event("operation", "__eq__", places=("cpu", "cpu:0"))
    torch.mul(host, host.relu())
    assert log.pop() == Event("operation", "mul", places=("cpu", "cpu"))
    host + device.sum()  # a number goes with either, as in PyTorch
    host + torch.ones(3)
    host.relu()
    assert not log


def test_what_is_done_with_labels_is_noted():
    log = []
    labels = Placed.put(torch.tensor([0, 2]), HOST, log, is_labels=True)
    moved = labels.to(DEVICE)
    assert len(moved) == moved.size(0) == moved.shape[0] == 2
    assert not log  # moves and sizes tell nothing
    for use in (torch.Tensor.tolist, torch.Tensor.numpy, torch.Tensor.long, torch.unbind, lambda x: x == moved + 1):
        use(moved)
        assert log.pop().places[-1] == "cpu:0"
        log.clear()
    moved.float() + 1  # what comes of labels is no longer noted alone
    assert [event.who for event in log] == ["float"]


def test_the_network_lies_on_the_device_and_computes_as_an_ordinary_one():
    net, log = small_net(seed=3), []
    model = RecordingModel("m", net.state_dict(), log)
    images = torch.randn(2, 1, 4, 5, dtype=torch.float64)
    assert {parameter.device for parameter in model.parameters()} == {DEVICE}
    torch.testing.assert_close(plain(model(images)), net(images).detach())
    assert all(parameter.is_leaf for parameter in model.to(DEVICE).parameters())
    model(Placed.put(images, HOST, log))
    assert [event.places for event in log if event.kind == "forward"] == [("cpu:0",), ("cpu", "cpu:0")]


def test_a_trial_leaves_the_random_numbers_alone():
    torch.manual_seed(0)
    expected = torch.rand(3)
    torch.manual_seed(0)
    TrainingTrial("loop").run(lambda model: None, "model")
    assert torch.equal(torch.rand(3), expected)


def test_the_optimizer_takes_a_closure():
    model = RecordingModel("m", small_net(seed=0).state_dict(), [])
    assert RecordingSGD(model, lr=0.1).step(lambda: 7) == 7
