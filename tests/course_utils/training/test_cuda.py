"""What `fit` does on an NVIDIA GPU only: mixed precision, channels-last, a recorded step. Skipped without one.

Two runs are compared by what is defined: losses, outputs, and weights that have a gradient. TensorFloat-32, which
rounds to ten bits, is off. What is left is the order of additions, 1e-7 of a number; Adam divides by the gradient's
size, and so makes up to 1e-4 of it in 24 steps. The tolerance is ten times that.
"""

import gc

import pytest
import torch
from torch import nn
from torch.optim import lr_scheduler

from course_utils.training import Augment, TensorLoader, TrainingError, evaluate, fit, pick_device, precision
from course_utils.training.cuda_graph import RecordedStep
from tests.course_utils.training.small_training import small_images, small_net

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs an NVIDIA GPU (CUDA)")


@pytest.fixture(autouse=True)
def full_float32(monkeypatch):
    monkeypatch.setattr(torch.backends.cudnn, "allow_tf32", False)


@pytest.fixture
def replays(monkeypatch):
    """A list with an entry for each replayed step."""
    done, replay = [], RecordedStep._replay
    monkeypatch.setattr(RecordedStep, "_replay", lambda step, batch: done.append(1) or replay(step, batch))
    return done


def train(
    count=43,
    make_optimizer=torch.optim.Adam,
    make_scheduler=None,
    device="cuda",
    epochs=4,
    model=None,
    augment=None,
    **options,
):
    model = small_net(norm=True) if model is None else model
    optimizer = make_optimizer(model.parameters(), lr=0.01)
    loader = TensorLoader(small_images(count), 8, shuffle=True, seed=0, device=device, augment=augment)
    options = {"mixed_precision": False, "loss_fn": nn.CrossEntropyLoss(), **options}
    torch.manual_seed(0)
    history = fit(
        model,
        loader,
        epochs=epochs,
        optimizer=optimizer,
        scheduler=make_scheduler(optimizer) if make_scheduler else None,
        scheduler_every="step" if make_scheduler else None,
        progress=False,
        **options,
    )
    return model, history, optimizer


def assert_same(one, other, tolerance=1e-3):
    """The same weights, losses and outputs; each a result of `train`."""
    for name, weight in one[0].state_dict().items():
        torch.testing.assert_close(weight.cpu(), other[0].state_dict()[name].cpu(), rtol=tolerance, atol=tolerance)
    assert one[1]["train_loss"] == pytest.approx(other[1]["train_loss"], rel=tolerance)
    assert one[1]["learning_rate"] == other[1]["learning_rate"]
    images = small_images(20, seed=7)[0] / 255
    outputs = [model.cpu().eval()(images) for model in (one[0], other[0])]
    torch.testing.assert_close(*outputs, rtol=tolerance, atol=10 * tolerance)  # sums over 96 of such weights


def test_the_gpu_learns_what_the_cpu_learns():
    assert pick_device().type == "cuda"
    assert_same(train(), train(device="cpu"))


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("make_optimizer", [torch.optim.Adam, torch.optim.AdamW, torch.optim.SGD, torch.optim.RMSprop])
def test_a_recorded_step_is_the_step(make_optimizer, replays):
    """43 images: whole batches of 8 are replayed, the last one of 3 is not."""
    recorded = train(make_optimizer=make_optimizer, cuda_graph=True)
    assert len(replays) == 17  # 4 epochs of 5, after three steps to warm up
    plain = train(make_optimizer=make_optimizer, cuda_graph=False)
    for one, same in zip(recorded[0].parameters(), plain[0].parameters(), strict=True):
        torch.testing.assert_close(one.grad, same.grad, rtol=1e-2, atol=1e-3)
    assert_same(recorded, plain)
    assert recorded[2].param_groups[0] | {"params": []} == plain[2].param_groups[0] | {"params": []}


@pytest.mark.parametrize(
    "make_scheduler",
    [
        lambda o: lr_scheduler.LinearLR(o, 0.1, total_iters=20),
        lambda o: lr_scheduler.OneCycleLR(o, 0.02, total_steps=24, cycle_momentum=False),
        lambda o: lr_scheduler.OneCycleLR(o, 0.02, total_steps=24),  # moves beta1 too
    ],
)
def test_a_scheduler_reaches_the_recorded_step(make_scheduler, replays):
    recorded = train(make_scheduler=make_scheduler, cuda_graph=True)
    assert len(replays) == 17
    assert_same(recorded, train(make_scheduler=make_scheduler, cuda_graph=False))


def test_a_run_goes_on_with_the_optimizer_of_another(replays):
    results = []
    for cuda_graph in (True, False):
        model = small_net(norm=True)
        optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
        for _ in range(2):
            run = train(
                make_optimizer=lambda *_, optimizer=optimizer, **__: optimizer, model=model, cuda_graph=cuda_graph
            )
        results.append(run)
    assert len(replays) == 2 * 17
    assert_same(*results)


def test_random_numbers_on_the_gpu_are_drawn_anew_in_every_replay(replays):
    """Dropout and augmentation: the draws are those of the same run step by step."""
    options = {"augment": Augment(shift=1, flip=True), "model": None}
    recorded = train(**options | {"model": small_net(dropout=0.3)}, cuda_graph=True)
    plain = train(**options | {"model": small_net(dropout=0.3)}, cuda_graph=False)
    assert len(replays) == 17
    assert_same(recorded, plain)


def test_long_runs_are_recorded_by_themselves(replays):
    train(epochs=4)  # 24 steps
    assert not replays
    train(epochs=5)
    assert len(replays) == 5 * 5 - 3


class Looks(nn.Module):
    """Does something that a recording cannot hold, `how` says what."""

    def __init__(self, how):
        super().__init__()
        self.net, self.how = small_net(dropout=0.3), how

    def forward(self, images):
        outputs = self.net(images)
        self.how(outputs)
        return outputs


@pytest.mark.parametrize(
    "how",
    [
        lambda outputs: outputs.sum().item(),
        lambda outputs: torch.cuda.synchronize(),
        lambda outputs: torch._C._cuda_synchronize(),  # nobody sees it coming: it breaks the capture off inside CUDA
    ],
)
@pytest.mark.filterwarnings("error:The AccumulateGrad node")
def test_a_step_that_cannot_be_recorded_runs_as_it_is(how, replays):
    refused = train(model=Looks(how), epochs=5)
    assert not replays
    assert_same(refused, train(model=Looks(how), epochs=5, cuda_graph=False))  # dropout's draws are those of the run
    before = torch.cuda.memory_allocated()
    assert torch.rand(2**20, device="cuda").sum().item() > 0  # the GPU, its generator and its memory still work
    torch.cuda.empty_cache()
    assert torch.cuda.memory_allocated() == before
    train(epochs=5)
    assert replays
    with pytest.raises(TrainingError, match="cannot be recorded"):
        train(model=Looks(how), cuda_graph=True)


def test_a_loss_that_is_no_number_is_found_while_steps_are_replayed(replays):
    class Breaks(nn.Module):
        """Its loss is no finite number from the 60th batch on."""

        def __init__(self):
            super().__init__()
            self.net = small_net()
            self.register_buffer("calls", torch.zeros(()))

        def forward(self, images):
            self.calls += 1
            return self.net(images) / (self.calls < 60)

    with pytest.raises(TrainingError, match="batch 60"):
        train(count=8 * 200, model=Breaks())
    assert 57 <= len(replays) < 200  # it is found with the next look but one


def test_memory_does_not_grow_from_run_to_run():
    used = []
    for _ in range(4):
        train(epochs=5)
        gc.collect()
        used.append(torch.cuda.memory_allocated())
    assert used[1:] == used[1:2] * 3


def test_mixed_precision_learns():
    history = train(count=200, epochs=10, mixed_precision=True)[1]
    assert history["train_accuracy"][-1] > 0.9


def two_convolutions():
    torch.manual_seed(1)
    return nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Conv2d(4, 8, 3), nn.Flatten(), nn.Linear(8 * 2 * 4, 3))


def lies_channels_last(model):
    """Of the second convolution: the first one reads one channel, and so lies both ways at once."""
    return model[2].weight.is_contiguous(memory_format=torch.channels_last)


def test_weights_are_channels_last_and_evaluation_agrees():
    model, *_ = train(model=two_convolutions(), channels_last=True, mixed_precision=True)
    assert lies_channels_last(model)
    images = small_images(20)
    assert not lies_channels_last(train(model=two_convolutions(), channels_last=True)[0])  # slower in float32
    on_gpu = evaluate(model, TensorLoader(images, 8, device="cuda"), nn.CrossEntropyLoss())
    on_cpu = evaluate(model, TensorLoader(images, 8, device="cpu"), nn.CrossEntropyLoss())
    assert tuple(on_gpu) == pytest.approx(tuple(on_cpu), rel=1e-3)


@pytest.mark.parametrize("form", [precision.CHANNELS_LAST, precision.BOTH])
def test_the_form_is_chosen_by_the_rule(monkeypatch, form):
    def form_and_history():
        model, history, _ = train(count=200, epochs=10, model=two_convolutions(), mixed_precision=None)
        return lies_channels_last(model), history

    assert not form_and_history()[0]
    monkeypatch.setattr(precision, "form_of_the_like", lambda model, images: form)
    channels_last, history = form_and_history()
    assert channels_last
    assert history["train_accuracy"][-1] > 0.9


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
