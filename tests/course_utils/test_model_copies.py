"""A copy to work on: the same numbers, nobody else's hooks, and a model that stays as it is."""

import warnings

import pytest
import torch
from torch import nn
from torch.nn.utils import prune

from course_utils.model_copies import working_copy
from course_utils.receptive_field import effective_receptive_field, receptive_field
from course_utils.shapes import trace_shapes

SHAPE = (1, 12, 12)


def small():
    torch.manual_seed(0)
    return nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.Conv2d(4, 2, 3)).eval()


def every_hook(model: nn.Module, calls: list) -> None:
    """Hang every kind of hook into every layer; each writes down that it ran."""

    def note(*args, **kwargs):
        calls.append("ran")

    for module in model.modules():
        module.register_forward_pre_hook(note)
        module.register_forward_pre_hook(note, with_kwargs=True, prepend=True)
        module.register_forward_hook(note)
        module.register_forward_hook(note, with_kwargs=True, always_call=True)
        module.register_full_backward_pre_hook(note)
        module.register_full_backward_hook(note)
        module.register_state_dict_pre_hook(note)
        module.register_state_dict_post_hook(note)


@pytest.mark.parametrize(
    "look",
    [
        lambda model: trace_shapes(model, (1, *SHAPE)),
        lambda model: trace_shapes(model, (1, 7, 12, 12)),  # fails, and tries what would help
        lambda model: receptive_field(model, SHAPE),
        lambda model: effective_receptive_field(model, SHAPE, samples=2),
    ],
    ids=["trace", "failing-trace", "receptive-field", "effective"],
)
def test_no_hook_of_the_callers_runs(look):
    model, calls = small(), []
    every_hook(model, calls)
    hooks = {name: len(value) for name, value in vars(model[0]).items() if name.endswith("_hooks")}
    look(model)
    assert calls == []
    assert hooks == {name: len(value) for name, value in vars(model[0]).items() if name.endswith("_hooks")}


def test_a_hook_that_cannot_be_copied_is_no_hindrance():
    model = small()
    unfinished = (number for number in range(3))
    model[0].register_forward_pre_hook(lambda *call: next(unfinished))
    model[0].register_forward_hook(unfinished.send)
    assert working_copy(model)(torch.zeros(1, *SHAPE)).shape == (1, 2, 8, 8)


def test_a_layer_that_is_also_a_hook_stays_a_layer():
    model = small()
    model[0].register_forward_pre_hook(model[2])
    copied = working_copy(model)
    assert isinstance(copied[2], nn.ReLU)
    assert not copied[0]._forward_pre_hooks


def test_the_copy_gives_the_same_numbers_and_shares_none():
    model, images = small(), torch.randn(2, *SHAPE)
    model.offset = torch.ones(2, requires_grad=True) * 2  # part of a graph, which deepcopy alone refuses
    copied = working_copy(model.train())
    assert torch.equal(copied(images), model.eval()(images))
    assert torch.equal(copied.offset, model.offset.detach())
    mine = {tensor.data_ptr() for tensor in (*model.parameters(), *model.buffers())}
    assert mine.isdisjoint(tensor.data_ptr() for tensor in (*copied.parameters(), *copied.buffers()))


def test_on_meta_nothing_has_a_value():
    copied = working_copy(small(), "meta")
    assert {tensor.device.type for tensor in (*copied.parameters(), *copied.buffers())} == {"meta"}


@pytest.mark.parametrize("kind", ["pruning", "weight norm", "spectral norm", "parametrization"])
def test_what_computes_the_weights_is_part_of_the_layer(kind):
    """The weights were changed after the last pass: only the layer's own hook makes them right again."""
    model, images = small(), torch.randn(2, *SHAPE)
    with warnings.catch_warnings(action="ignore"):  # the older two are deprecated, and still met
        match kind:
            case "pruning":
                prune.l1_unstructured(model[0], "weight", amount=0.5)
            case "weight norm":
                nn.utils.weight_norm(model[0])
            case "spectral norm":
                nn.utils.spectral_norm(model[0])
            case "parametrization":
                nn.utils.parametrizations.weight_norm(model[0])
    with torch.no_grad():
        for parameter in model[0].parameters():
            parameter.mul_(1.5)
    copied = working_copy(model.eval())
    assert torch.allclose(copied(images), model(images))


def test_lazy_layers_stay_lazy_until_the_copy_runs():
    model = nn.Sequential(nn.LazyConv2d(4, 3), nn.Flatten(), nn.LazyLinear(2))
    copied = working_copy(model)
    assert copied(torch.zeros(1, *SHAPE)).shape == (1, 2)
    assert copied[2].in_features == 400
    assert not copied[0]._forward_pre_hooks  # the hook that found the sizes is gone, as in the model itself
    assert isinstance(model[2], nn.LazyLinear)


def test_a_compiled_model_is_copied_without_its_wrapping():
    compiled = torch.compile(small())
    assert isinstance(working_copy(compiled), nn.Sequential)
    assert receptive_field(compiled, SHAPE)[-1].size == (5, 5)


def test_a_model_without_values_is_zero_on_another_device():
    with torch.device("meta"):
        model = nn.Linear(3, 2)
    copied = working_copy(model, "cpu")
    assert copied(torch.ones(1, 3)).tolist() == [[0, 0]]
    assert model.weight.is_meta
