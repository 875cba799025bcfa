"""A judge's mirrors of an answer's modules: they look, compute, train and fail as the modules would in one process."""

import copy

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional as F

from autograder.sandbox.inside.modules import HOOKS
from autograder.sandbox.inside.wire import Kept, WireError
from course_utils.checks import CheckError, check_raises, forbid
from course_utils.checks.probes import probe
from tests.autograder.sandbox.test_proxies import FIND_LINK, ask, pytestmark  # noqa: F401 - a fixture and a mark

NET = """
import torch
from torch import nn
class Net(nn.Module):
    def __init__(self, width=3, norm=True, p=0.5, image=6):
        super().__init__()
        self.width = width
        self.body = nn.Sequential(nn.Conv2d(1, width, 3), nn.BatchNorm2d(width) if norm else nn.Identity(), nn.ReLU())
        self.drop = nn.Dropout(p)
        self.head = nn.Sequential(nn.Flatten(), nn.Linear(width * (image - 2) ** 2, 2))
    def forward(self, x):
        if x.dim() != 4:
            raise ValueError('no batch of images')
        return self.head(self.drop(self.body(x)))
"""


def local(code: str = NET) -> dict:
    """The same names in this process."""
    names: dict = {}
    exec(code, names)
    return names


def test_a_class_and_an_instance(ask):  # noqa: F811
    names = ask(NET + "g = Net(4)\nx = {'nets': [g]}")
    Net, net = names["Net"], names["g"]
    assert issubclass(Net, nn.Module)
    assert isinstance(net, Net)
    assert names["x"]["nets"][0].state_dict().keys() == net.state_dict().keys() == local()["Net"]().state_dict().keys()
    assert (type(net).__name__, net.width, net.training, type(net.body[0])) == ("Net", 4, True, nn.Conv2d)
    assert [name for name, _ in net.named_parameters()] == [name for name, _ in local()["Net"]().named_parameters()]
    made = Net(5, norm=False)
    assert (made.body[0].out_channels, type(made.body[1]), made(torch.ones(2, 1, 6, 6)).shape) == (
        5,
        nn.Identity,
        (2, 2),
    )
    torch.manual_seed(1)
    first, second = Net(), Net()
    torch.manual_seed(1)
    assert torch.equal(first.head[1].weight, Net().head[1].weight)
    assert not torch.equal(first.head[1].weight, second.head[1].weight)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    width=st.integers(1, 4), norm=st.booleans(), training=st.booleans(), double=st.booleans(), images=st.integers(2, 4)
)
def test_forward_and_backward_are_the_module_s(ask, width, norm, training, double, images):  # noqa: F811
    mirror, module = ask(NET)["Net"](width, norm, 0.0), local()["Net"](width, norm, 0.0)
    dtype = torch.float64 if double else torch.float32
    module.load_state_dict(mirror.state_dict())
    x = torch.randn(images, 1, 6, 6, dtype=dtype)
    seen = []
    for net in (mirror, module):
        net.to(dtype).train(training)
        net.body[0].weight.requires_grad_(False)
        given_x, passes = x.clone().requires_grad_(), []
        net.body[2].register_forward_hook(lambda layer, given, made, p=passes: p.append((type(layer), given[0], made)))
        y = net(given_x)
        (y * torch.arange(2)).sum().backward()
        gradients = [weight.grad for weight in net.parameters()]
        seen.append([y, given_x.grad, *gradients, *net.buffers(), *passes[0][1:]])
        assert passes[0][0] is nn.ReLU
    for ours, theirs in zip(*seen, strict=True):
        assert (ours is None) == (theirs is None)
        assert ours is None or torch.equal(ours, theirs)


def test_buffers_move_and_modes_count(ask):  # noqa: F811
    net = ask(NET)["Net"]()
    x = torch.randn(8, 1, 6, 6) + 3
    net(x)
    norm = net.body[1]
    assert norm.num_batches_tracked == 1
    assert norm.running_mean.any()
    kept = norm.running_mean.clone()
    net.eval()
    assert torch.equal(net(x), net(x))
    assert torch.equal(norm.running_mean, kept)
    norm.train()
    net(x)
    assert not torch.equal(norm.running_mean, kept)


def test_training_here_is_training_there(ask):  # noqa: F811
    mirror, module = ask(NET)["Net"](p=0.0), local()["Net"](p=0.0)
    module.load_state_dict(mirror.state_dict())
    x, y = torch.randn(16, 1, 6, 6), torch.randint(2, (16,))
    losses = []
    for net in (mirror, module):
        optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
        losses.append([])
        for _ in range(5):
            optimizer.zero_grad()
            loss = F.cross_entropy(net(x), y)
            loss.backward()
            optimizer.step()
            losses[-1].append(loss.item())
    assert losses[0] == losses[1]
    assert losses[0][-1] < losses[0][0]


def test_shared_parameters_stay_shared(ask):  # noqa: F811
    code = (
        "import torch\nclass Tied(torch.nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.a, self.b = torch.nn.Linear(2, 2), torch.nn.Linear(2, 2)\n        self.b.weight = self.a.weight\n"
        "        self.c = self.a\n    def forward(self, x):\n        return self.b(self.c(x))\ng = Tied()"
    )
    net = ask(code)["g"]
    assert net.a.weight is net.b.weight
    assert net.a is net.c
    assert len(list(net.parameters())) == 3
    net(torch.ones(1, 2)).sum().backward()
    with torch.no_grad():
        net.a.weight.copy_(torch.eye(2))
        net.a.bias.zero_()
        net.b.bias.zero_()
    assert net(torch.tensor([[3.0, 4.0]])).tolist() == [[3, 4]]


def test_what_changes_here_is_seen_there(ask):  # noqa: F811
    net = ask(NET)["Net"](p=0.0).eval()
    x = torch.ones(1, 1, 6, 6)
    with torch.no_grad():
        net.head[1].weight.zero_()
    net.head[1].bias.data.copy_(torch.tensor([1.0, 2.0]))
    assert net(x).tolist() == [[1, 2]]
    assert net.double()(x.double()).dtype is torch.float64
    state = {name: torch.full_like(value, 3) for name, value in net.state_dict().items() if name == "head.1.bias"}
    net.load_state_dict(state, strict=False)
    assert net(x.double()).tolist() == [[3, 3]]
    net.head[1] = nn.Linear(48, 1).double()
    assert net(x.double()).shape == (1, 1)
    twin = copy.deepcopy(net)
    with torch.no_grad():
        twin.head[1].bias.add_(1)
    assert torch.allclose(twin(x.double()), net(x.double()) + 1)


def test_layers_are_given_to_a_function(ask):  # noqa: F811
    code = (
        NET + "def f(layers, x):\n    layers[1].eval()\n    layers(x).sum().backward()\n    return [layers, layers[0]]"
    )
    f, layers = ask(code)["f"], nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2))
    weight, calls = layers[0].weight, []
    layers[0].register_forward_hook(lambda layer, given, made: calls.append(made.shape))
    came = f(layers, torch.ones(3, 1, 4, 4))
    assert came[0] is layers
    assert came[1] is layers[0]
    assert layers[0].weight is weight
    assert ([layer.training for layer in layers], weight.grad.shape, calls) == (
        [True, False],
        (2, 1, 3, 3),
        [(3, 2, 2, 2)],
    )


def test_a_mirror_is_given_back_and_new_modules_come(ask):  # noqa: F811
    f = ask(NET + "def f(net, how):\n    return net if how else nn.Sequential(net, nn.ReLU())\ng = Net()")
    net = f["g"]
    assert f["f"](net, True) is net
    more = f["f"](net, False)
    assert (more[0] is net, type(more[1])) == (True, nn.ReLU)
    assert more(torch.ones(2, 1, 6, 6)).min() >= 0


def test_hooks_left_behind_are_counted(ask):  # noqa: F811
    f = ask("def f(layers, n):\n    for _ in range(n):\n        layers[0].register_forward_hook(print)")["f"]
    layers = nn.Sequential(nn.ReLU())
    f(layers, 0)
    assert len(layers[0]._forward_hooks) == 0
    f(layers, 2)
    assert len(layers[0]._forward_hooks) == 2


def test_errors_and_blocks_reach_through_a_pass(ask):  # noqa: F811
    Net = ask(NET)["Net"]
    check_raises(ValueError, Net(), torch.ones(3))
    check_raises(TypeError, Net, 1, 2, 3, 4, 5)
    net = Net()
    with pytest.raises(CheckError, match=r"torch\.conv2d and its relatives"), forbid("torch.conv2d"):
        net(torch.ones(1, 1, 6, 6))
    with torch.inference_mode():
        assert net(torch.ones(2, 1, 6, 6)).is_inference()


def test_a_graph_is_used_once_unless_it_is_kept(ask):  # noqa: F811
    net = ask(NET)["Net"]()
    y = net(torch.ones(2, 1, 6, 6)).sum()
    y.backward(retain_graph=True)
    y.backward()
    with pytest.raises(RuntimeError, match="second time"):
        y.backward()


def test_a_lazy_layer_comes_to_life(ask):  # noqa: F811
    net = ask("from torch import nn\ng = nn.Sequential(nn.Flatten(), nn.LazyLinear(3))")["g"]
    net.double()
    assert list(net.parameters()) == []


def test_a_module_s_own_say_of_itself_does_not_count(ask):  # noqa: F811
    lies = (
        "\n    def parameters(self, recurse=True):\n        return iter([])\n    named_parameters = parameters\n"
        "    def modules(self):\n        return iter([nn.Conv2d(1, 1, 1)])\n    children = modules\n"
        "    @property\n    def __class__(self):\n        return nn.Conv2d\n"
        "    def state_dict(self):\n        return {}\ng = Net()\ng.forward_twice = lambda x: x\ng.width = Net"
    )
    net = ask(NET + lies)["g"]
    assert len(list(net.parameters())) == len(list(net.named_parameters())) == len(list(local()["Net"]().parameters()))
    assert not isinstance(net, nn.Conv2d)
    assert [type(m) for m in net.children()] == [nn.Sequential, nn.Dropout, nn.Sequential]
    assert net.forward_twice(3) == 3  # runs there
    assert type(net.width).__name__ == "type"
    assert len(net.state_dict()) == 9


def test_a_crowd_of_modules_is_an_error_of_the_answer(ask):  # noqa: F811
    f = ask("from torch import nn\ndef f():\n    return nn.Sequential(*[nn.ReLU() for _ in range(20_000)])")["f"]
    with pytest.raises(ValueError, match="too many to be judged"):
        f()


NODE = {
    **{"name": "ReLU", "base": "ReLU", "is_torch": True, "training": True, "settings": {}, "parameters": {}},
    **{"buffers": {}, "unsaved": [], "modules": {}, "hooks": dict.fromkeys(HOOKS, 0)},
}
ACTS = Kept(5, "function", True)


@pytest.mark.parametrize(
    "part",
    [
        *({"base": "functional"}, {"base": "Parameter"}, {"base": "os"}, {"base": ["ReLU"]}, {"base": None}),
        *({"settings": {"_forward_hooks": {}}}, {"settings": {"training": 1}}, {"settings": {1: 2}}, {"settings": 5}),
        *({"settings": {"forward": ACTS}}, {"is_torch": False, "settings": {"parameters": ACTS}}),
        *({"modules": {"a": 7}}, {"modules": {"a": "b"}}, {"modules": []}, {"parameters": {"weight": 1}}),
        *({"buffers": {"weight": 99}}, {"hooks": {}}, {"hooks": dict.fromkeys(HOOKS, 10**9)}, {"unsaved": 3}),
        *({"is_torch": False, "name": "no name"}, {"is_torch": False, "name": 3}),
    ],
)
def test_a_description_that_is_none(ask, part):  # noqa: F811
    code = (
        FIND_LINK + "from autograder.sandbox.inside.wire import Handle, Kept\ndef f():\n"
        "    link = find_link()\n"
        f"    node = {NODE!r} | {part!r}\n"
        "    link.send({'value': Handle(1), 'state': {'nodes': {1: node}, 'tensors': {}, 'shared': []}})\n"
    )
    f = ask(code)["f"]
    with pytest.raises(WireError):
        f()


@pytest.mark.parametrize(
    "shared",
    [
        *([[0, ["argument", 1], None]], [[0, ["argument", 0], [[4], [1], 0]]], [[0, ["argument", 0], [[3], [1], -1]]]),
        *([[0, ["argument", 0], [[3], [2], 0]]], [[0, ["weight", 0], None]], [[0]], 5, [[0, ["argument", 0], [[1]]]]),
    ],
)
def test_shared_memory_that_is_none(ask, shared):  # noqa: F811
    code = FIND_LINK + f"def f(x):\n    find_link().send({{'value': [x], 'shared': {shared!r}}})\n"
    with pytest.raises(WireError):
        ask(code)["f"](torch.zeros(3))


def test_what_is_the_same_object_stays_the_same(ask):  # noqa: F811
    names = ask("def f(x, net):\n    return x, x[1:], x + 0, net.weight, net.weight.detach()[0], net")
    x, net = torch.zeros(3), nn.Linear(2, 2)
    same, part, copied, weight, row, module = names["f"](x, net)
    assert same is x
    assert weight is net.weight
    assert module is net
    part.fill_(7.0)
    copied.fill_(5.0)
    assert x.tolist() == [0.0, 7.0, 7.0]
    row.fill_(3.0)
    assert net.weight[0].tolist() == [3.0, 3.0]
    assert 3.0 not in net.weight[1]


def test_layers_that_share_weights_share_them_here_too(ask):  # noqa: F811
    code = "from torch import nn\ndef f(net):\n    copied = nn.Linear(2, 2)\n    copied.weight.data = net.weight.data\n"
    net = nn.Linear(2, 2)
    copied = ask(code + "    return copied")["f"](net)
    copied.weight.data.fill_(4.0)
    assert net.weight.tolist() == [[4.0, 4.0], [4.0, 4.0]]
    assert copied.weight is not net.weight


def test_weights_in_another_order_are_copied(ask):  # noqa: F811
    code = (
        "from torch import nn\ndef f(net):\n    copied = nn.Conv2d(2, 2, 2)\n    copied.weight.data = net.weight.data\n"
    )
    net = nn.Conv2d(2, 2, 2).to(memory_format=torch.channels_last)
    copied = ask(code + "    return copied")["f"](net)
    assert torch.equal(copied.weight, net.weight)


def test_attributes_and_methods_of_a_module(ask):  # noqa: F811
    code = NET + "\n    def twice(self, x):\n        return 2 * self(x)\n    limit = 5\n"
    net = ask(code + "g = Net().eval()\ng.spare = [nn.Linear(1, 1)]\ng.note = {'a': 1}\n")["g"]
    x = torch.ones(1, 1, 6, 6)
    assert torch.equal(net.twice(x), 2 * net(x))
    net.twice(x).sum().backward()
    through_a_method = [parameter.grad.clone() for parameter in net.parameters()]
    net.zero_grad()
    (2 * net(x)).sum().backward()
    assert all(map(torch.allclose, through_a_method, (parameter.grad for parameter in net.parameters())))
    assert net.limit == 5
    assert type(vars(net)["spare"][0]) is nn.Linear
    assert net.note == {"a": 1}
    with pytest.raises(AttributeError, match="missing"):
        net.missing  # noqa: B018


class Shifted(nn.Module):
    """A module of a test's own."""

    def __init__(self, by: float) -> None:
        super().__init__()
        self.by = by
        self.layer = nn.Linear(2, 1, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.layer(x) + self.by


def test_a_module_of_the_test_s_own_runs_over_there(ask):  # noqa: F811
    f = ask("def f(net, x):\n    net.eval()\n    net.layer.weight.data.fill_(2.0)\n    return net(x)")["f"]
    net, x, seen = Shifted(0.5), torch.ones(3, 2), []
    net.layer.register_forward_hook(lambda layer, inputs, output: seen.append(output.detach()))
    came = f(net, x)
    assert came.tolist() == [[4.5]] * 3
    assert seen[0].tolist() == [[4.0]] * 3
    assert type(net) is Shifted
    assert not net.training
    assert net.layer.weight.tolist() == [[2.0, 2.0]]
    came.sum().backward()
    assert net.layer.weight.grad.tolist() == [[3.0, 3.0]]


def test_hooks_that_an_answer_leaves_or_removes(ask):  # noqa: F811
    names = ask(
        "def f(net):\n    net.register_full_backward_hook(lambda *given: None)\n"
        "    net.register_forward_pre_hook(lambda *given: None)\ndef g(net):\n    net._forward_hooks.clear()"
    )
    net = nn.Linear(2, 2)
    names["f"](net)
    assert [len(getattr(net, kind)) for kind in HOOKS] == [0, 1, 1, 0]
    other, seen = nn.Linear(2, 2), []
    other.register_forward_hook(lambda *given: seen.append(1))
    names["g"](other)
    assert len(other._forward_hooks) == 0


def test_what_stays_over_there_can_be_called_and_handed_back(ask):  # noqa: F811
    names = ask("class Counter:\n    def __init__(self):\n        self.count = 0\n"
                "    def add(self, by):\n        self.count += by\n        return self\n"
                "def f():\n    return Counter()\ndef g(counter):\n    return counter.count")  # fmt: skip
    counter = names["f"]()
    assert repr(counter) == "<Counter>"
    assert not callable(counter)
    assert counter.add(3) is counter
    assert counter.count == names["g"](counter) == 3
    with pytest.raises(TypeError, match="cannot be given to an answer"):
        names["g"](object())


@probe
def length_of(answer, *, factor):
    """A probe for the test below."""
    return factor * len(answer())


def test_a_probe_runs_where_the_answer_is(ask):  # noqa: F811
    f = ask("class Odd(list):\n    pass\ndef f():\n    return Odd([1, 2])")["f"]
    assert length_of(f, factor=3) == 6
