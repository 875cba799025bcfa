"""A recorded step without a GPU: a stand-in replays the work by doing it again on the recording's own tensors."""

import copy
import random
import threading
import weakref
from contextlib import contextmanager, nullcontext

import pytest
import torch
from torch import nn
from torch.optim import lr_scheduler

from course_utils.training import TrainingError, cuda_graph, cuda_recorder, fit
from tests.course_utils.training.small_training import same_weights, small_images, small_loader, small_net


class StandIn:
    """Records as a GPU does: nothing is computed, and a replay reads and writes the same tensors every time."""

    def __init__(self, device=None):
        self.recorded = self.replayed = 0
        self.waits = False

    warm_up = staticmethod(nullcontext)

    @contextmanager
    def no_waiting(self):
        yield
        if self.waits:
            raise RuntimeError("called a synchronizing operation")

    def record(self, work):
        self.recorded += 1
        kept = self._values()
        results = work()
        gradients = [p.grad for p in self.parameters]
        for value, old in kept:
            value.copy_(old)

        def replay():
            self.replayed += 1
            for fixed, new in zip(results, work(), strict=True):
                if fixed is not None:
                    fixed.copy_(new)
            for p, fixed in zip(self.parameters, gradients, strict=True):
                fixed.copy_(p.grad)

        return replay, results

    def _values(self):
        state = [v for one in self.optimizer.state.values() for v in one.values() if isinstance(v, torch.Tensor)]
        tensors = [*self.model.state_dict().values(), *state]
        return [(v, v.detach().clone()) for v in tensors]


@pytest.fixture
def stand_in(monkeypatch):
    recorder = StandIn()
    monkeypatch.setattr("course_utils.training.loop.CudaRecorder", lambda device: recorder)
    monkeypatch.setattr("course_utils.training.loop.records", lambda asked, *_: asked is not False)
    return recorder


def train(stand_in, make_optimizer=torch.optim.Adam, make_scheduler=None, model=None, loader=None, **options):
    model = small_net(norm=True) if model is None else model
    optimizer = make_optimizer(model.parameters(), lr=0.01)
    stand_in.model, stand_in.optimizer, stand_in.parameters = model, optimizer, list(model.parameters())
    torch.manual_seed(0)
    history = fit(
        model,
        small_loader(count=43, shuffle=True, seed=0) if loader is None else loader,
        epochs=4,
        optimizer=optimizer,
        device="cpu",
        progress=False,
        scheduler=make_scheduler(optimizer) if make_scheduler else None,
        scheduler_every="step" if make_scheduler else None,
        **{"loss_fn": nn.CrossEntropyLoss(), **options},
    )
    return model, history, optimizer


def one_cycle(**options):
    return lambda optimizer: lr_scheduler.OneCycleLR(optimizer, 0.02, total_steps=24, **options)


@pytest.mark.parametrize("make_scheduler", [None, one_cycle(), one_cycle(cycle_momentum=False)])
@pytest.mark.parametrize("make_optimizer", [torch.optim.Adam, torch.optim.AdamW, torch.optim.SGD, torch.optim.RMSprop])
def test_a_recorded_run_is_the_run(stand_in, make_optimizer, make_scheduler):
    """43 images: whole batches of 8 are replayed after three steps, the last one of 3 is not. 24 steps."""
    if make_optimizer is torch.optim.SGD:
        make_optimizer = lambda p, lr: torch.optim.SGD(p, lr, momentum=0.9)  # noqa: E731
    recorded, history, optimizer = train(stand_in, make_optimizer, make_scheduler)
    assert (stand_in.recorded, stand_in.replayed) == (1, 17)
    plain, expected, other = train(stand_in, make_optimizer, make_scheduler, cuda_graph=False)
    for one, same in zip(recorded.parameters(), plain.parameters(), strict=True):
        torch.testing.assert_close(one, same, rtol=1e-4, atol=1e-6)  # the rate is float32 in a recording
        torch.testing.assert_close(one.grad, same.grad, rtol=1e-3, atol=1e-5)
    assert history["train_loss"] == pytest.approx(expected["train_loss"], rel=1e-4)
    assert history["train_accuracy"] == expected["train_accuracy"]
    assert history["learning_rate"] == expected["learning_rate"]
    assert optimizer.param_groups[0] | {"params": []} == other.param_groups[0] | {"params": []}


def test_a_recorded_run_in_channels_last_is_the_run(stand_in):
    runs = []
    for options in ({"channels_last": True}, {"cuda_graph": False}):
        torch.manual_seed(1)
        layers = [nn.Conv2d(1, 4, 3, bias=False), nn.BatchNorm2d(4), nn.ReLU(), nn.Conv2d(4, 8, 3), nn.Flatten()]
        runs.append(train(stand_in, model=nn.Sequential(*layers, nn.Linear(8 * 2 * 4, 3)), **options))
    (recorded, history, _), (plain, expected, _) = runs
    assert (stand_in.recorded, stand_in.replayed) == (1, 17)
    lies = [model[3].weight.is_contiguous(memory_format=torch.channels_last) for model in (recorded, plain)]
    assert lies == [True, False]
    for one, same in zip(recorded.parameters(), plain.parameters(), strict=True):
        torch.testing.assert_close(one, same, rtol=1e-3, atol=1e-5)
    assert history["train_loss"] == pytest.approx(expected["train_loss"], rel=1e-4)


def test_batches_of_a_list_are_replayed(stand_in):
    images, labels = small_images(40)
    batches = list(zip((images / 255).split(8), labels.split(8), strict=True))
    recorded = train(stand_in, loader=batches)[0]
    assert stand_in.replayed == 17
    plain = train(stand_in, loader=batches, cuda_graph=False)[0]
    for one, same in zip(recorded.parameters(), plain.parameters(), strict=True):
        torch.testing.assert_close(one, same, rtol=1e-4, atol=1e-6)


def test_a_run_goes_on_with_the_optimizer_of_another(stand_in):
    networks = []
    for asked in (None, False):
        model = small_net(norm=True)
        optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
        for _ in range(2):
            train(stand_in, lambda *_, optimizer=optimizer, **__: optimizer, model=model, cuda_graph=asked)
        networks.append(model)
    assert (stand_in.recorded, stand_in.replayed) == (2, 34)
    for one, same in zip(*(network.parameters() for network in networks), strict=True):
        torch.testing.assert_close(one, same, rtol=1e-4, atol=1e-6)


def test_a_setting_that_changes_later_is_recorded_again(stand_in):
    def later(optimizer):
        def change(step):
            optimizer.param_groups[0]["weight_decay"] = 0.1 if step > 10 else 0.0
            return 1.0

        return lr_scheduler.LambdaLR(optimizer, change)

    recorded = train(stand_in, make_scheduler=later)[0]
    assert (stand_in.recorded, stand_in.replayed) == (2, 17)
    plain = train(stand_in, make_scheduler=later, cuda_graph=False)[0]
    for one, same in zip(recorded.parameters(), plain.parameters(), strict=True):
        torch.testing.assert_close(one, same, rtol=1e-4, atol=1e-6)


class Counts(nn.Module):
    """Counts its calls: a replay would not."""

    def __init__(self):
        super().__init__()
        self.net, self.calls = small_net(), 0

    def forward(self, images):
        self.calls += 1
        return self.net(images)


class Draws(nn.Module):
    """Leaves its ReLU out now and then: a replay would always do what it did once."""

    def __init__(self):
        super().__init__()
        self.net = small_net()

    def forward(self, images):
        return self.net(images) * (1 if random.random() < 0.5 else 2)


@pytest.mark.parametrize("kind", [Counts, Draws])
def test_what_is_not_the_same_in_every_step_is_not_recorded(stand_in, kind):
    random.seed(0)
    model = train(stand_in, model=kind())[0]
    random.seed(0)
    plain = train(stand_in, model=kind(), cuda_graph=False)[0]
    assert stand_in.recorded == 0
    assert same_weights(model, plain)
    assert getattr(model, "calls", 24) == 24


@pytest.mark.parametrize("kind", [tuple, dict])
def test_several_outputs_are_recorded(stand_in, kind):
    class Two(nn.Module):
        def __init__(self):
            super().__init__()
            self.net = small_net(norm=True)

        def forward(self, images):
            outputs = self.net(images)
            return (outputs, outputs) if kind is tuple else {0: outputs, 1: outputs}

    def loss_fn(outputs, labels):
        return nn.functional.cross_entropy(outputs[0], labels) + nn.functional.cross_entropy(outputs[1], labels)

    recorded, history, _ = train(stand_in, model=Two(), loss_fn=loss_fn)
    assert stand_in.replayed == 17
    plain, expected, _ = train(stand_in, model=Two(), loss_fn=loss_fn, cuda_graph=False)
    for one, same in zip(recorded.parameters(), plain.parameters(), strict=True):
        torch.testing.assert_close(one, same, rtol=1e-4, atol=1e-6)
    assert history["train_loss"] == pytest.approx(expected["train_loss"], rel=1e-4)
    assert history["train_accuracy"] == [None] * 4


@pytest.mark.parametrize("weight", [[1.0, 5.0, 20.0], [0.0, 1.0, 2.0]])
def test_class_weights_are_recorded(stand_in, weight):
    loss_fn = nn.CrossEntropyLoss(weight=torch.tensor(weight))
    history = train(stand_in, loss_fn=loss_fn)[1]
    assert stand_in.replayed == 17
    expected = train(stand_in, loss_fn=loss_fn, cuda_graph=False)[1]
    assert history["train_loss"] == pytest.approx(expected["train_loss"], rel=1e-4)
    assert history["train_accuracy"] == expected["train_accuracy"]


def test_a_step_that_waits_is_not_recorded_or_refused_where_it_must(stand_in):
    stand_in.waits = True
    models = [train(stand_in, model=small_net(dropout=0.3, norm=True), cuda_graph=asked)[0] for asked in (None, False)]
    assert stand_in.recorded == 0
    assert same_weights(*models)  # the step that was broken off left no trace
    with pytest.raises(TrainingError, match=r"synchronizing operation\. Leave cuda_graph=True out"):
        train(stand_in, cuda_graph=True)


def test_nothing_of_a_step_that_was_broken_off_is_alive_when_it_is_done_over(stand_in):
    """Its graph belongs to another stream, which PyTorch warns of."""
    outputs_of_calls, alive = [], []

    class Breaks(nn.Module):
        """Breaks off in its second call."""

        def __init__(self):
            super().__init__()
            self.net = small_net()

        def forward(self, images):
            alive.append([one() for one in outputs_of_calls if one() is not None])
            outputs = self.net(images)
            outputs_of_calls.append(weakref.ref(outputs))
            if len(outputs_of_calls) == 2:
                raise RuntimeError("called a synchronizing operation")
            return outputs

    train(stand_in, model=Breaks())
    assert stand_in.recorded == 0
    assert alive[2] == []


def test_batches_by_index_are_those_of_the_loader():
    ours, theirs = (small_loader(count=43, shuffle=True, seed=0) for _ in range(2))
    batches = cuda_graph.IndexBatches(ours)
    for _ in range(3):
        for (indices, labels), (images, expected) in zip(batches, theirs, strict=True):
            assert torch.equal(ours.take_images(indices), images)
            assert torch.equal(labels, expected)
    assert ours.epoch == theirs.epoch == 3  # drawing ahead does not count


def test_this_threads_waits_for_the_gpu_are_found(monkeypatch):
    waited = []
    monkeypatch.setattr(torch.cuda, "synchronize", lambda: waited.append(1))
    original = torch.cuda.synchronize, torch.cuda.Stream.synchronize, torch.cuda.Event.synchronize
    with cuda_recorder.no_explicit_waits():
        for owner in (torch.cuda, torch.cuda.Stream, torch.cuda.Event):
            with pytest.raises(RuntimeError, match=r"synchronize\(\)"):
                owner.synchronize()
        other = threading.Thread(target=torch.cuda.synchronize)
        other.start()
        other.join()
    assert waited == [1]
    assert original == (torch.cuda.synchronize, torch.cuda.Stream.synchronize, torch.cuda.Event.synchronize)


def test_when_a_step_is_recorded_by_itself():
    gpu, model, batches = torch.device("cuda"), small_net(), [None] * 6
    assert cuda_graph.records(None, model, gpu, batches, 5, False)
    assert not cuda_graph.records(None, model, gpu, batches, 4, False)  # 24 steps
    assert not cuda_graph.records(None, model, gpu, batches, 5, True)
    assert not cuda_graph.records(False, model, gpu, batches, 5, False)
    assert not cuda_graph.records(True, model, torch.device("cpu"), batches, 5, False)
    hooked = copy.deepcopy(model)
    hooked[0].register_forward_hook(lambda *_: None)
    assert not cuda_graph.records(None, hooked, gpu, batches, 5, False)
    assert cuda_graph.records(True, hooked, gpu, batches, 4, True)
