"""Training and evaluation mode in `fit` and `evaluate`: what the owner of a model froze stays frozen."""

import copy

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from course_utils.training import evaluate
from course_utils.training.modes import kept_in_evaluation, train_all_but
from tests.course_utils.training.small_training import same_weights, sgd, small_loader, train


def with_backbone() -> nn.Sequential:
    torch.manual_seed(0)
    backbone = nn.Sequential(nn.Flatten(), nn.Linear(48, 8), nn.BatchNorm1d(8), nn.Dropout(0.5))
    return nn.Sequential(backbone, nn.Linear(8, 3))


def modes(model: nn.Module) -> list[bool]:
    return [layer.training for layer in model.modules()]


class Spy(nn.Identity):
    """Notes its mode in every forward pass with gradients."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def forward(self, x):
        if torch.is_grad_enabled():
            self.seen.append(self.training)
        return x


# The statistics of a frozen layer, by hand


def test_a_frozen_batch_norm_keeps_its_statistics():
    # mean 0 and variance 1 at the start; a batch of the images 3 and 5 would make the mean 0 + 0.1 * 4 = 0.4
    images, labels = torch.tensor([[3.0], [5.0]]), torch.tensor([0, 1])
    for frozen, mean in ((True, 0.0), (False, 0.4)):
        model = nn.Sequential(nn.BatchNorm1d(1), nn.Linear(1, 2))
        model[0].train(not frozen)
        train(model, [(images, labels)], epochs=1)
        assert model[0].running_mean.item() == pytest.approx(mean)
        assert model[0].training is not frozen


@pytest.mark.parametrize("val", [None, small_loader(count=9)])
@pytest.mark.parametrize("freeze", [lambda m: m[0].eval(), lambda m: m[0][2].eval(), lambda m: m[0][3].eval()])
def test_a_frozen_part_of_a_training_model_is_as_in_the_loop_written_out(freeze, val):
    ours, theirs = with_backbone(), with_backbone()
    freeze(ours)
    freeze(theirs)
    before, optimizer = modes(ours), torch.optim.SGD(theirs.parameters(), 0.1, fused=True)
    torch.manual_seed(1)
    for _ in range(2):
        for images, labels in small_loader():
            optimizer.zero_grad()
            nn.functional.cross_entropy(theirs(images), labels).backward()
            optimizer.step()
    torch.manual_seed(1)
    train(ours, small_loader(), val)
    assert same_weights(ours, theirs)
    assert modes(ours) == before


# A model that is in evaluation mode itself


def test_a_model_in_evaluation_mode_learns_as_one_in_training_mode():
    ours, theirs = with_backbone().eval(), with_backbone()
    for model in (ours, theirs):
        torch.manual_seed(1)
        train(model, small_loader())
    assert same_weights(ours, theirs)
    assert not any(modes(ours))


def test_a_new_last_layer_on_a_model_in_evaluation_mode_freezes_nothing():
    model = with_backbone().eval()
    model[1] = nn.Linear(8, 3)  # a new layer is in training mode
    train(model, small_loader())
    assert model[0][2].num_batches_tracked == 2 * len(small_loader())
    assert modes(model) == [False] * 6 + [True]


# A model with a `train` of its own


class KeepsItsBackbone(nn.Sequential):
    """The usual way to freeze a part for good."""

    def train(self, mode=True):
        super().train(mode)
        self[0].eval()
        return self


@pytest.mark.parametrize("start", ["as built", "train", "eval"])
def test_a_train_method_that_leaves_a_part_out(start):
    spies = Spy(), Spy()
    model = KeepsItsBackbone(nn.Sequential(nn.Flatten(), spies[0]), nn.Linear(48, 3), spies[1])
    if start != "as built":
        getattr(model, start)()
    before = modes(model)
    train(model, small_loader(batch_size=40), small_loader(count=9))
    assert [spy.seen for spy in spies] == [[False, False], [True, True]]
    assert modes(model) == before


# Drawn modes, and a layer that is in two places


@given(st.lists(st.booleans(), min_size=7, max_size=7))
def test_every_layer_keeps_its_mode_or_all_train(drawn):
    model = with_backbone()
    for layer, training in zip(model.modules(), drawn, strict=True):
        layer.training = training
    train_all_but(model, kept_in_evaluation(model))
    assert modes(model) == (drawn if drawn[0] else [True] * 7)


@given(st.lists(st.booleans(), min_size=7, max_size=7))
def test_evaluate_gives_back_every_mode(drawn):
    model = with_backbone()
    for layer, training in zip(model.modules(), drawn, strict=True):
        layer.training = training
    before = copy.deepcopy(model.state_dict())
    evaluate(model, small_loader(count=9), nn.CrossEntropyLoss(), device="cpu")
    assert modes(model) == drawn
    assert all(torch.equal(before[name], value) for name, value in model.state_dict().items())


def test_a_shared_layer_and_an_error():
    class Fails(nn.Identity):
        def forward(self, x):
            raise ZeroDivisionError

    shared = nn.Dropout(0.5).eval()
    model = nn.Sequential(shared, nn.Flatten(), nn.Linear(48, 3), shared, Fails())
    before = modes(model)
    for run in (
        lambda: evaluate(model, small_loader(), nn.CrossEntropyLoss(), device="cpu"),
        lambda: train(model, small_loader()),
    ):
        with pytest.raises(ZeroDivisionError):
            run()
        assert modes(model) == before
    assert before[1] is False


def test_modes_survive_a_resumption(tmp_path):
    def run(epochs, **options):
        model = with_backbone()
        model[0][2].eval()
        torch.manual_seed(2)
        train(model, small_loader(), epochs=epochs, optimizer=sgd(model), **options)
        return model

    whole = run(3)
    run(1, checkpoint=tmp_path / "run.pt")
    resumed = run(3, checkpoint=tmp_path / "run.pt", resume=True)
    assert same_weights(whole, resumed)
    assert resumed[0][2].num_batches_tracked == 0
