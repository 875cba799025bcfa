"""What `second_device` promises, for `test_second_device`, which runs these in a process of their own."""

import copy
import io

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from course_utils.training import Augment, TensorLoader, evaluate, fit
from tests.devices import second_device

DEVICE = second_device.install()
PIXELS = torch.rand(5, 1, 12, 12, generator=torch.Generator().manual_seed(0))
LABELS = torch.tensor([3, 1, 4, 1, 5])


def network():
    torch.manual_seed(1)
    return nn.Sequential(
        nn.Conv2d(1, 4, 3, padding=1, bias=False), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2),
        nn.ConvTranspose2d(4, 6, 3, groups=2), nn.Dropout(0.2), nn.Flatten(), nn.Linear(6 * 8 * 8, 10),
    )  # fmt: skip


def data_on(device, **options):
    torch.manual_seed(2)
    images = torch.randint(256, (40, 1, 12, 12), dtype=torch.uint8)
    return TensorLoader((images, torch.randint(10, (40,))), 16, device=device, **options)


def trained(device, make_optimizer, epochs=(2,), **options):
    """Losses, accuracy and weights after training on random images; several numbers of epochs are resumed runs."""
    augment = Augment(shift=1, flip=True, erase=3)
    train = data_on(device, shuffle=True, seed=0, augment=augment, mean=0.5)
    test = data_on(device)
    model = network()
    for number in epochs:
        optimizer = make_optimizer(model.parameters())  # before the model moves: it has to keep the parameters
        scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.02, total_steps=4 * len(train))
        history = fit(
            model, train, test, epochs=number, optimizer=optimizer, loss_fn=nn.CrossEntropyLoss(),
            scheduler=scheduler, scheduler_every="step", clip_norm=1.0, progress=False, **options,
        )  # fmt: skip
    accuracy = evaluate(model, test, F.cross_entropy).accuracy
    return history["train_loss"], accuracy, torch.cat([p.flatten() for p in model.cpu().parameters()])


def check_same(its, mine):
    """What came of training; the weights in rounding, as the CPU's fused step rounds in another place."""
    for its_values, my_values in zip(its, mine, strict=True):
        torch.testing.assert_close(torch.as_tensor(its_values), torch.as_tensor(my_values), atol=1e-4, rtol=1e-3)


def sgd(parameters):
    return torch.optim.SGD(parameters, 0.05, momentum=0.9)


@pytest.mark.parametrize("make_optimizer", [torch.optim.Adam, sgd])
def test_training_gives_the_losses_and_weights_of_the_cpu(make_optimizer):
    check_same(trained(DEVICE, make_optimizer), trained("cpu", make_optimizer))


def test_a_resumed_run_gives_the_weights_of_the_cpu_without_float64_too(tmp_path):
    options = {"patience": 9, "channels_last": True, "checkpoint": tmp_path / "run.pt", "resume": True}
    wanted = trained("cpu", torch.optim.AdamW, epochs=[4], patience=9)
    check_same(trained(DEVICE, torch.optim.AdamW, epochs=[2, 4], **options), wanted)
    (tmp_path / "run.pt").unlink()
    with second_device.without_float64():
        check_same(trained(DEVICE, torch.optim.AdamW, epochs=[2, 4], **options), wanted)


def test_gradients_are_those_of_the_cpu():
    here, there = network(), network().to(DEVICE)
    torch.manual_seed(3)
    F.cross_entropy(here(PIXELS), LABELS).backward()
    torch.manual_seed(3)
    F.cross_entropy(there(PIXELS.to(DEVICE)), LABELS.to(DEVICE)).backward()
    for mine, its in zip(here.parameters(), there.parameters(), strict=True):
        assert its.grad.device == DEVICE
        torch.testing.assert_close(its.grad.cpu(), mine.grad)


def test_writing_into_a_view_changes_what_it_is_a_view_of():
    here = torch.zeros(3, 4)
    there = here.to(DEVICE)
    for values in (here, there):
        values[1] = 7
        values.t()[2:, 0] += 1
        values.view(2, 6)[0].fill_(5)
        values[1:][1][2:][1] = 9  # a view of a view of a view
        values[values > 10] = 2
    assert torch.equal(there.cpu(), here)
    assert there.t().stride() == here.t().stride()
    assert torch.equal(there.t().reshape(-1).cpu(), here.t().reshape(-1))
    assert torch.equal(there.t().contiguous().view(-1).cpu(), here.t().reshape(-1))


def test_results_whose_size_is_found_on_the_way():
    assert torch.linspace(0, 1, 5, device=DEVICE).tolist() == [0, 0.25, 0.5, 0.75, 1]
    assert torch.arange(4, device=DEVICE).nonzero().tolist() == [[1], [2], [3]]
    assert torch.add(torch.ones(2, 3, device=DEVICE), 1, out=torch.empty(0, device=DEVICE)).shape == (2, 3)


def test_channels_last_stays_so():
    images = PIXELS.to(DEVICE, memory_format=torch.channels_last)
    assert images.is_contiguous(memory_format=torch.channels_last)
    assert nn.Conv2d(1, 4, 3).to(DEVICE, memory_format=torch.channels_last)(images).shape == (5, 4, 10, 10)


def test_copies_and_files_hold_the_values():
    model = network().to(DEVICE)
    copied = copy.deepcopy(model)
    file = io.BytesIO()
    torch.save(model.state_dict(), file)
    for place in (None, "cpu"):
        file.seek(0)
        loaded = torch.load(file, map_location=place, weights_only=True)
        for name, value in model.state_dict().items():
            assert loaded[name].device == (DEVICE if place is None else torch.device("cpu"))
            assert torch.equal(loaded[name].cpu(), value.cpu())
            assert torch.equal(copied.state_dict()[name].cpu(), value.cpu())
            assert copied.state_dict()[name] is not value


MIXED = {
    "sum": lambda here, there: there + here,
    "sum, the other way round": lambda here, there: here + there,
    "a number on the device": lambda here, there: here * there.sum(),
    "in place": lambda here, there: here.add_(there),
    "index_select": lambda here, there: there.index_select(0, torch.tensor([0])),
    "a list": lambda here, there: torch.stack([there.sum(), here.sum()]),
    "masked": lambda here, there: there.masked_fill(here > 0, 0),
    "linear": lambda here, there: F.linear(there.flatten(1), torch.ones(3, 144)),
    "batch norm": lambda here, there: F.batch_norm(there, torch.zeros(1), torch.ones(1)),
    "labels": lambda here, there: F.cross_entropy(there.flatten(1), LABELS),
}


@pytest.mark.parametrize("operation", MIXED.values(), ids=MIXED)
def test_two_devices_in_one_operation_raise_as_on_cuda(operation):
    with pytest.raises(RuntimeError, match="Expected all tensors to be on the same device, but found at least two"):
        operation(PIXELS.clone(), PIXELS.to(DEVICE))


def test_other_errors_of_mixed_devices_are_those_of_cuda():
    convolution = nn.Conv2d(1, 4, 3)
    with pytest.raises(RuntimeError, match=r"Input type .* and weight type .* should be the same"):
        convolution(PIXELS.to(DEVICE))
    with pytest.raises(RuntimeError, match=r"Input type .* and weight type .* should be the same"):
        convolution.to(DEVICE)(PIXELS)
    with pytest.raises(RuntimeError, match="indices should be either on cpu or on the same device"):
        PIXELS[LABELS.to(DEVICE)]
    for to_array in (np.asarray, torch.Tensor.numpy):
        with pytest.raises(TypeError, match=r"Use Tensor.cpu\(\) to copy the tensor to host memory first"):
            to_array(PIXELS.to(DEVICE))


def test_what_cuda_allows_between_devices():
    there = PIXELS.to(DEVICE)
    assert (there * torch.tensor(2.0)).device == DEVICE  # a single number by itself
    assert there[torch.tensor([0, 2])].shape == (2, 1, 12, 12)  # indices
    assert torch.equal(torch.zeros_like(PIXELS).copy_(there), PIXELS)


WITH_FLOAT64 = {
    "moved": lambda: torch.ones(2, dtype=torch.float64).to(DEVICE),
    "converted": lambda: torch.ones(2, device=DEVICE).double(),
    "made there": lambda: torch.zeros(2, dtype=torch.float64, device=DEVICE),
    "from numpy": lambda: torch.tensor(np.ones(2), device=DEVICE),
    "a model": lambda: network().double().to(DEVICE),
}


@pytest.mark.parametrize("made", WITH_FLOAT64.values(), ids=WITH_FLOAT64)
def test_float64_is_refused_as_on_mps_where_it_is_to_be(made):
    made()
    error = (
        r"Cannot convert a \w+ Tensor to float64 dtype as the .* doesn't support float64. Please use float32 instead"
    )
    with second_device.without_float64(), pytest.raises(TypeError, match=error):
        made()


def test_without_float64_the_rest_goes_on():
    with second_device.without_float64():
        there = PIXELS.to(DEVICE)
        assert f"{there[0, 0, 0, :2]}".startswith("tensor([0.")
        assert (there * torch.tensor(2.0, dtype=torch.float64)).dtype == torch.float32
        assert torch.as_tensor(np.ones(2)).to(DEVICE, torch.float32).tolist() == [1, 1]
    assert torch.ones(1, dtype=torch.float64, device=DEVICE).item() == 1
