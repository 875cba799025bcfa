"""An experiment on two networks: right ones pass in any style, and wrong ones are told what they did."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from course_utils.checks import CheckError, ComparisonTrial
from course_utils.checks.watching import watched_comparison

# What a notebook has around its experiment. The watcher finds these names by the experiment's own globals.


class RepairedCNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.AvgPool2d(7), nn.Conv2d(1, 2, 2), nn.Tanh(), nn.Flatten(), nn.Linear(18, 10))

    def forward(self, x):
        return self.net(x)


def matched_mlp(parameters):
    return nn.Sequential(nn.Flatten(), nn.Linear(784, parameters // 795), nn.ReLU(), nn.Linear(parameters // 795, 10))


def train_both(cnn, mlp, loader, optimizer_cnn, optimizer_mlp):
    totals, count = [0.0, 0.0], 0
    for images, labels in loader:
        for place, (network, optimizer) in enumerate([(cnn.train(), optimizer_cnn), (mlp.train(), optimizer_mlp)]):
            optimizer.zero_grad()
            loss = F.cross_entropy(network(images), labels)
            loss.backward()
            optimizer.step()
            totals[place] += loss.item() * len(labels)
        count += len(labels)
    return totals[0] / count, totals[1] / count


@torch.no_grad()
def test_both(cnn, mlp, loader):
    batches = list(loader)
    labels = torch.cat([labels for _, labels in batches])
    return tuple(
        F.cross_entropy(torch.cat([net.eval()(images) for images, _ in batches]), labels).item() for net in (cnn, mlp)
    )


test_both.__test__ = False  # pytest: no test, in spite of its name
train_loader = validation_loader = None


def comparison(epochs, seed=0):
    torch.manual_seed(seed)
    cnn, mlp = RepairedCNN(), matched_mlp(1600)
    optimizers = [torch.optim.Adam(network.parameters(), lr=1e-3) for network in (cnn, mlp)]
    losses = {"cnn": [], "mlp": []}
    for _ in range(epochs):
        train_both(cnn, mlp, train_loader, *optimizers)
        for which, loss in zip(losses, test_both(cnn, mlp, validation_loader), strict=True):
            losses[which].append(loss)
    return losses


def judge(experiment, epochs=2, seed=3):
    trial = ComparisonTrial(budget=1600, sizes=(20, 12))
    trial.run(experiment, epochs, seed)
    trial.check_form()
    trial.check_networks()
    trial.check_training()
    trial.check_losses()
    trial.check_repeats(experiment, epochs, seed)


def test_a_right_experiment_passes_and_the_names_are_as_before():
    judge(comparison)
    judge(comparison, epochs=1, seed=0)
    assert train_loader is validation_loader is None
    assert RepairedCNN.__init__.__qualname__ == "RepairedCNN.__init__"
    assert RepairedCNN.__init__.__module__ == __name__
    assert not hasattr(RepairedCNN.__init__, "__wrapped__")


def test_the_numbers_are_those_of_the_networks_it_made():
    """Two passes by hand: what the watcher notes is what the networks lose on the data."""
    data = {
        "train_loader": (torch.rand(6, 1, 28, 28), torch.arange(6)),
        "validation_loader": (torch.rand(4, 1, 28, 28), torch.arange(4)),
    }
    kept = []

    def experiment(epochs):
        kept[:] = [RepairedCNN(), matched_mlp(1600)]
        list(train_loader), list(validation_loader)
        return "done"

    makers = {"cnn": "RepairedCNN", "mlp": "matched_mlp"}
    facts = watched_comparison(experiment, [1], networks=makers, loop="train_both", loaders=data, batch_size=4)
    assert facts["returned"] == "done"
    assert [event["what"] for event in facts["events"]] == ["train_loader", "validation_loader", "end"]
    assert facts["asked"] == {"cnn": [[]], "mlp": [[1600]]}
    assert facts["steps"] == facts["reported"] == []
    assert facts["memories"] == {"cnn": 0, "mlp": 0}
    images, labels = data["validation_loader"]
    expected = F.cross_entropy(kept[0](images), labels).item()
    assert facts["events"][0]["losses"]["cnn"]["validation_loader"] == pytest.approx(expected)


def changed(**names):
    """`comparison` with other things under some of its names."""
    source = {**globals(), **names}
    return type(comparison)(comparison.__code__, source, "comparison", comparison.__defaults__)


def only_cnn(cnn, mlp, loader, optimizer_cnn, optimizer_mlp):
    return train_both(cnn, mlp, loader, optimizer_cnn, torch.optim.SGD(matched_mlp(1600).parameters(), lr=1e-3))


def on_training_images(cnn, mlp, loader):
    return test_both(cnn, mlp, [(loader.dataset.tensors[0] * 0, loader.dataset.tensors[1])])


def test_a_network_that_does_not_learn_is_named():
    with pytest.raises(CheckError, match=r"(?s)training of the MLP.*0 passes over train_loader.*2, one an epoch"):
        judge(changed(train_both=only_cnn))


@pytest.mark.parametrize(("kind", "forgets"), [("Adam", True), ("SGD", False)])
def test_an_optimizer_that_is_made_anew_is_refused_where_it_forgets_something(kind, forgets):
    def anew(cnn, mlp, loader, *_):
        optimizers = [getattr(torch.optim, kind)(network.parameters(), lr=1e-3) for network in (cnn, mlp)]
        return train_both(cnn, mlp, loader, *optimizers)

    if not forgets:
        judge(changed(train_both=anew))
        return
    with pytest.raises(CheckError, match=r"(?s)the CNN's optimizer is made anew while it trains.*2 optimizers"):
        judge(changed(train_both=anew))


def test_losses_on_other_images_are_refused():
    with pytest.raises(CheckError, match=r"the validation loss after epoch 1 is not right"):
        judge(changed(test_both=on_training_images))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("RepairedCNN(), matched", "RepairedCNN(), 0 or matched", None),
        ("matched_mlp(1600)", "matched_mlp(2400)", r"came:     \[2400\]"),
        ("torch.manual_seed(seed)", "torch.manual_seed(0)", "likely cause: the seed is not used"),
        ("    torch.manual_seed(seed)\n", "", "the networks start with other weights"),
        ("test_both(cnn, mlp, validation_loader)", "test_both(cnn, mlp, train_loader)", "loss on the training images"),
        ("test_both(cnn, mlp, validation_loader)", "test_both(mlp, cnn, validation_loader)", "this is the MLP's loss"),
        (
            "train_both(cnn, mlp, train_loader",
            "train_both(cnn, mlp, validation_loader",
            "learns from the validation images",
        ),
        ("return losses", "return list(losses)", "came:     'list'"),
        ("range(epochs)", "range(epochs + 1)", "the number of losses"),
        ("lr=1e-3) for", "lr=1e-3 * (1 + (network is cnn))) for", "the learning rates differ"),
        ("lr=1e-3", "lr=5.0", "likely cause: the learning rate is far too large"),
        ("RepairedCNN()", "nn.Sequential(nn.Flatten(), nn.Linear(784, 10))", r"RepairedCNN\(\) is never called"),
    ],
)
def test_what_a_wrong_experiment_is_told(old, new, message):
    import inspect

    source = inspect.getsource(comparison)
    assert old in source
    names = dict(globals())
    exec(source.replace(old, new), names)
    if message is None:
        judge(names["comparison"])
    else:
        with pytest.raises(CheckError, match=message):
            judge(names["comparison"])


def test_partial_functions_and_objects_are_experiments_too():
    class Run:
        def __call__(self, epochs, seed=0):
            return comparison(epochs, seed)

    judge(Run())
