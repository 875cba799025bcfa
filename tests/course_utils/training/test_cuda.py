"""What `fit` does on an NVIDIA GPU only: mixed precision, channels-last, a recorded step. Skipped without one."""

import pytest
import torch
from torch import nn
from torch.optim import lr_scheduler

from course_utils.training import TensorLoader, TrainingError, evaluate, fit, pick_device
from tests.course_utils.training.small_training import small_images, small_net

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs an NVIDIA GPU (CUDA)")


def train(count=43, make_optimizer=torch.optim.Adam, make_scheduler=None, device="cuda", epochs=4, **options):
    model = small_net(norm=True)
    optimizer = make_optimizer(model.parameters(), lr=0.01)
    loader = TensorLoader(small_images(count), 8, shuffle=True, seed=0, device=device)
    options = {"mixed_precision": False, **options}
    history = fit(
        model,
        loader,
        epochs=epochs,
        optimizer=optimizer,
        loss_fn=nn.CrossEntropyLoss(),
        scheduler=make_scheduler(optimizer) if make_scheduler else None,
        scheduler_every="step" if make_scheduler else None,
        progress=False,
        **options,
    )
    return model, history, optimizer


def assert_close(one, other, tolerance=1e-3):
    for name, weight in one.state_dict().items():
        torch.testing.assert_close(weight.cpu(), other.state_dict()[name].cpu(), rtol=tolerance, atol=tolerance)


def test_the_gpu_learns_what_the_cpu_learns():
    assert pick_device().type == "cuda"
    assert_close(train()[0], train(device="cpu")[0])


@pytest.mark.parametrize("make_optimizer", [torch.optim.Adam, torch.optim.AdamW, torch.optim.SGD])
def test_a_recorded_step_is_the_step(make_optimizer):
    """43 images: whole batches of 8 are replayed, the last one of 3 is not."""
    recorded, history, optimizer = train(make_optimizer=make_optimizer, cuda_graph=True)
    plain, expected, _ = train(make_optimizer=make_optimizer)
    assert_close(recorded, plain)
    assert history["train_loss"] == pytest.approx(expected["train_loss"], rel=1e-3)
    assert isinstance(optimizer.param_groups[0]["lr"], float)


@pytest.mark.parametrize(
    "make_scheduler",
    [
        lambda o: lr_scheduler.LinearLR(o, 0.1, total_iters=20),
        lambda o: lr_scheduler.OneCycleLR(o, 0.02, total_steps=24),  # changes beta1 too: not replayed
    ],
)
def test_a_scheduler_reaches_the_recorded_step(make_scheduler):
    recorded = train(make_scheduler=make_scheduler, cuda_graph=True)
    plain = train(make_scheduler=make_scheduler)
    assert_close(recorded[0], plain[0])
    assert recorded[1]["learning_rate"] == pytest.approx(plain[1]["learning_rate"])


def test_mixed_precision_learns():
    history = train(count=200, epochs=10, mixed_precision=True)[1]
    assert history["train_accuracy"][-1] > 0.9


def test_weights_are_channels_last_and_evaluation_agrees():
    model, *_ = train(channels_last=True)
    assert model[0].weight.is_contiguous(memory_format=torch.channels_last)
    images = small_images(20)
    on_gpu = evaluate(model, TensorLoader(images, 8, device="cuda"), nn.CrossEntropyLoss())
    on_cpu = evaluate(model, TensorLoader(images, 8, device="cpu"), nn.CrossEntropyLoss())
    assert tuple(on_gpu) == pytest.approx(tuple(on_cpu), rel=1e-3)


def test_resuming_what_a_gpu_saved_on_the_cpu(tmp_path):
    train(epochs=2, checkpoint=tmp_path / "run.pt", channels_last=True)
    assert len(train(epochs=3, checkpoint=tmp_path / "run.pt", resume=True, device="cpu")[1]) == 3


def test_labels_out_of_range_are_found_before_the_gpu_stops():
    images, labels = small_images()
    model = small_net()
    loader = TensorLoader((images, labels + 1), 8, device="cuda")
    with pytest.raises(TrainingError, match=r"labels run from 1 to 3.*subtract 1"):
        fit(
            model,
            loader,
            epochs=1,
            optimizer=torch.optim.SGD(model.parameters(), 0.1),
            loss_fn=nn.CrossEntropyLoss(),
            progress=False,
        )
    assert torch.ones(1, device="cuda").item() == 1  # the GPU still answers


def test_out_of_memory_on_the_gpu():
    class Greedy(nn.Module):
        def __init__(self):
            super().__init__()
            self.net = small_net()

        def forward(self, x):
            return self.net(x) + torch.empty(2**44, device=x.device).sum()

    model = Greedy()
    with pytest.raises(TrainingError, match=r"out of memory \(asked for .*batch_size"):
        fit(
            model,
            TensorLoader(small_images(), 8, device="cuda"),
            epochs=1,
            optimizer=torch.optim.SGD(model.parameters(), 0.1),
            loss_fn=nn.CrossEntropyLoss(),
            progress=False,
        )
