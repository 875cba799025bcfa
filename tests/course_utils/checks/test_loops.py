"""Trials: right loops pass in any style, and wrong ones are told why."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.utils._pytree import tree_leaves

from course_utils.checks import CheckError, EvaluationTrial, TrainingTrial, loops
from course_utils.checks.recording import plain, recorded_run, small_net

TRAINING = "model", "loader", "criterion", "optimizer", "device"
EVALUATION = "loader", "model", "device"

# Arithmetic on paper


def test_the_mean_loss_by_hand():
    # batches of 3 and 1, losses 1 and 5 for each image: (3*1 + 1*5) / 4 = 2, not (1 + 5) / 2 = 3
    class ByBatch(nn.Module):
        def forward(self, logits, labels):
            return logits.sum() * 0 + (1.0 if len(labels) == 3 else 5.0)

    trial = TrainingTrial("loop", sizes=(3, 1), criterion=ByBatch())
    trial.check_mean_loss(2.0)
    with pytest.raises(CheckError, match="mean of the batches' means"):
        trial.check_mean_loss(3.0)


def test_the_accuracy_by_hand():
    # of 4, 4 and 2 images 2, 2 and 2 are right: 6 / 10, not (0.5 + 0.5 + 1) / 3
    trial = EvaluationTrial("loop", sizes=(4, 4, 2))
    trial.check_accuracy(0.6)
    for wrong, cause in ((60, "per cent"), (2 / 3, "mean of the batches' accuracies"), (0.4, "wrong answers")):
        with pytest.raises(CheckError, match=cause):
            trial.check_accuracy(wrong)


@settings(deadline=None, max_examples=15)
@given(st.lists(st.integers(1, 4), min_size=1, max_size=4), st.integers(0, 50), st.floats(0.01, 1.0))
def test_the_reference_is_torch_s_own_sgd(sizes, seed, lr):
    def with_torch_alone(model, loader):
        net = small_net(seed=0)
        net.load_state_dict({key: plain(value) for key, value in model.net.state_dict().items()})
        optimizer = torch.optim.SGD(net.parameters(), lr=lr)
        total = 0.0
        for images, labels in loader:
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(net(plain(images)), plain(labels))
            loss.backward()
            optimizer.step()
            total += loss.item() * len(labels)
        model(images)
        model.net.load_state_dict(net.state_dict())
        return total / sum(sizes)

    trial = TrainingTrial("loop", sizes=sizes, seed=seed, lr=lr)
    came = trial.run(with_torch_alone, "model", "loader")
    trial.check_weights()
    trial.check_mean_loss(came)
    assert came == pytest.approx(trial.mean_loss())


# Right training loops


def usual(model, loader, criterion, optimizer, device):
    model.train()
    total = 0.0
    for images, labels in loader:
        images, labels = images.to(device), labels.to(device)
        optimizer.zero_grad()
        loss = criterion(model(images), labels)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(labels)
    return total / len(loader.dataset)


def with_enumerate_and_tensors(net, batches, loss_fn, opt, dev):
    net.to(dev).train()
    losses, counts = [], []
    for _, batch in enumerate(batches):
        x, y = (part.to(dev, non_blocking=True) for part in batch)
        loss = loss_fn(net(x), y)
        loss.backward()
        opt.step()
        opt.zero_grad(set_to_none=False)
        losses.append(loss.detach() * y.size(0))
        counts.append(y.size(0))
    return torch.stack(losses).sum() / sum(counts)


def with_a_closure(model, loader, criterion, optimizer, device):
    model.train(True)
    total = count = 0
    for images, labels in loader:

        def closure(images=images, labels=labels):
            model.zero_grad()
            loss = criterion(model(images.to(device)), labels.to(device))
            loss.backward()
            return loss

        total += optimizer.step(closure).item() * images.shape[0]
        count += images.shape[0]
    return total / count


def by_autograd(model, loader, criterion, optimizer, device):
    model.train()
    total = torch.zeros((), dtype=torch.float64)
    for images, labels in loader:
        for parameter in model.parameters():
            parameter.grad = None
        outputs, labels = model(images.to(device)), labels.to(device)
        torch.autograd.backward(criterion(outputs, labels))
        optimizer.step()
        with torch.no_grad():
            total += nn.functional.cross_entropy(outputs, labels, reduction="sum")
    return total.item() / len(loader.dataset)


def with_the_models_device_and_tqdm(model, loader, criterion, optimizer, device):
    from tqdm import tqdm

    place = next(model.parameters()).device
    model.train()
    seen = []
    for x, y in tqdm(loader, disable=True):
        optimizer.zero_grad(set_to_none=True)
        y = y.to(place)
        each = nn.functional.cross_entropy(model(x.to(place)), y, reduction="none")
        each.mean().backward()
        optimizer.step()
        seen.append(each.detach().cpu())
    return float(torch.cat(seen).mean())


def with_a_loss_of_its_own(model, loader, criterion, optimizer, device):
    model.train()
    total = 0.0
    for x, y in loader:
        optimizer.zero_grad()
        each = -model(x.to(device)).softmax(1).log()[torch.arange(len(y)), y.to(device)]
        each.mean().backward()
        optimizer.step()
        total += each.sum().item()
    return total / len(loader.dataset)


TRAINERS = [
    usual,
    with_enumerate_and_tensors,
    with_a_closure,
    by_autograd,
    with_the_models_device_and_tqdm,
    with_a_loss_of_its_own,
]


@pytest.mark.parametrize("loop", TRAINERS)
@pytest.mark.parametrize("sizes", [(4, 4, 2), (3,), (2, 1)])
def test_a_right_training_loop_passes_in_any_style(loop, sizes):
    trial = TrainingTrial("train", sizes=sizes, training=False)
    came = trial.run(loop, *TRAINING)
    trial.check_weights()
    trial.check_mean_loss(came)
    trial.check_training_mode()
    trial.check_moves()
    trial.check_backward()
    trial.check_steps()


# Wrong training loops: the line that differs, and what the message must say


def broken(text, old, new):
    """`usual` with one piece of its text replaced."""
    assert text.count(old) == 1
    space = {}
    exec(text.replace(old, new), space)
    return space["usual"]


USUAL = """
def usual(model, loader, criterion, optimizer, device):
    model.train()
    total = 0.0
    for images, labels in loader:
        images, labels = images.to(device), labels.to(device)
        optimizer.zero_grad()
        loss = criterion(model(images), labels)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(labels)
    return total / len(loader.dataset)
"""


@pytest.mark.parametrize(
    ("old", "new", "cause"),
    [
        ("optimizer.zero_grad()", "pass", "add up"),
        ("    for images, labels in loader:", "    optimizer.zero_grad()\n    for images, labels in loader:", None),
        ("optimizer.zero_grad()", "if len(labels) != 4: optimizer.zero_grad()", "add up"),
        ("loss.backward()\n        optimizer.step()", "optimizer.step()\n        loss.backward()", "before `backward"),
        ("loss.backward()", "pass", "no gradient reaches"),
        ("optimizer.step()", "pass", "`optimizer.step\\(\\)` is missing"),
        ("optimizer.step()", "optimizer.step(); optimizer.step()", "more than once"),
        ("optimizer.step()", "optimizer.zero_grad(); optimizer.step()", "erases"),
        ("    return total", "        return total", "only 1 of 3"),
        ("loss.backward()", "loss.backward(retain_graph=True); loss.backward()", "`backward\\(\\)` runs more"),
        ("loss.backward()", "(loss * len(labels)).backward()", "mean loss alone"),
        ("in loader", "in [*loader, *loader]", "more than once"),
    ],
)
def test_wrong_weights_are_explained(old, new, cause):
    trial = TrainingTrial("train")
    trial.run(broken(USUAL, old, new), *TRAINING)
    if cause is None:  # a needless zero_grad does no harm
        trial.check_weights()
        return
    with pytest.raises(CheckError, match=cause):
        trial.check_weights()


@pytest.mark.parametrize(
    ("old", "new", "cause"),
    [
        (" * len(labels)", "", "must be multiplied"),
        (" / len(loader.dataset)", "", "must be divided"),
        (" / len(loader.dataset)", " / len(loader)", "divided by the number of batches"),
        ("total += loss", "total = loss", None),
        ("    return total / len(loader.dataset)", "", "without `return`"),
        (
            " * len(labels)\n    return total / len(loader.dataset)",
            "\n    return total / len(loader)",
            "batches' means",
        ),
    ],
)
def test_a_wrong_mean_is_explained_whatever_the_steps(old, new, cause):
    trial = TrainingTrial("train", lr=0)
    came = trial.run(broken(USUAL.replace("optimizer.zero_grad()", "pass"), old, new), *TRAINING)
    with pytest.raises(CheckError, match=cause):
        trial.check_mean_loss(came)


@pytest.mark.parametrize("old", ["images.to(device), ", "labels.to(device)"])
def test_a_batch_that_is_not_moved_is_seen(old):
    trial = TrainingTrial("train")
    trial.run(broken(USUAL, old, old.replace(".to(device)", "")), *TRAINING)
    trial.check_weights()
    with pytest.raises(CheckError, match="images" if "images" in old else "labels"):
        trial.check_moves()


def test_the_wrong_mode_is_seen():
    trial = TrainingTrial("train", training=False)
    trial.run(broken(USUAL, "model.train()", "pass"), *TRAINING)
    with pytest.raises(CheckError, match=r"`model.train\(\)` is missing"):
        trial.check_training_mode()


def test_a_model_that_is_never_called():
    trial = TrainingTrial("train")
    trial.run(lambda *given: None, *TRAINING)
    for check in (trial.check_weights, trial.check_training_mode, trial.check_moves):
        with pytest.raises(CheckError, match="never called"):
            check()


def test_labels_that_are_never_used():
    def without_labels(loader, model, device):
        for images, labels in loader:
            model(images.to(device))
            labels.to(device), len(labels), labels.shape

    trial = EvaluationTrial("check_accuracy")
    trial.run(without_labels, *EVALUATION)
    with pytest.raises(CheckError, match="labels are never used"):
        trial.check_moves()


def test_what_a_loop_raises_comes_as_it_is():
    def broken_loop(model):
        raise LookupError("of the student's")

    with pytest.raises(LookupError, match="of the student's"):
        TrainingTrial("train").run(broken_loop, "model")


def test_a_trial_without_a_run_judges_nothing():
    for check in (TrainingTrial("train").check_weights, EvaluationTrial("test").check_unchanged):
        with pytest.raises(RuntimeError, match=r"call `trial.run` first"):
            check()


def test_each_run_starts_anew():
    trial = TrainingTrial("train")
    trial.run(broken(USUAL, "optimizer.step()", "pass"), *TRAINING)
    trial.run(usual, *TRAINING)
    trial.check_weights()


def test_a_changed_criterion_changes_no_verdict():
    def with_sums(model, loader, criterion, optimizer, device):
        criterion.reduction = "sum"
        return usual(model, loader, criterion, optimizer, device)

    trial = TrainingTrial("train")
    trial.run(with_sums, *TRAINING)
    with pytest.raises(CheckError, match="mean loss alone"):
        trial.check_weights()


# Facts and verdicts


def test_only_plain_data_comes_back(monkeypatch):
    brought = []
    monkeypatch.setattr(loops, "recorded_run", lambda *a, **k: brought.append(recorded_run(*a, **k)) or brought[-1])
    trial = TrainingTrial("train")
    trial.run(lambda *given: (usual(*given), {"loss": torch.ones(2)}, [next(iter(given[1]))[1]]), *TRAINING)
    for value in tree_leaves(brought):
        assert type(value) in (bool, float, int, str, torch.Tensor)
    assert {type(event) for event in brought[0]["diary"]} == {tuple}


@pytest.mark.parametrize("forgery", ["forward", "labels", "places"])
def test_a_diary_without_facts_convinces_nobody(monkeypatch, forgery):
    def forged(*args, **kwargs):
        facts = recorded_run(*args, **kwargs)
        if forgery == "places":
            return facts | {"diary": [(*event[:4], ()) for event in facts["diary"]]}
        return facts | {"diary": [event for event in facts["diary"] if event[0] != forgery]}

    trial = TrainingTrial("train")
    trial.run(usual, *TRAINING)
    trial.check_moves()
    monkeypatch.setattr(loops, "recorded_run", forged)
    trial.run(usual, *TRAINING)
    with pytest.raises(CheckError, match="never"):
        trial.check_moves()


# Two models in one loop


BOTH = "cnn", "mlp", "loader", "criterion", "optimizer_cnn", "optimizer_mlp", "device"


@pytest.mark.parametrize("kind", ["backward", "steps"])
def test_who_returns_after_the_first_batch_is_told_so(kind):
    def train(model, loader, criterion, optimizer, device):
        for x, y in loader:
            optimizer.zero_grad()
            criterion(model(x.to(device)), y.to(device)).backward()
            optimizer.step()
            return 0.0

    trial = TrainingTrial("train", sizes=(2, 2, 1))
    trial.run(train, *TRAINING)
    with pytest.raises(CheckError, match="only 1 of 3 batches are used: perhaps `return`"):
        getattr(trial, f"check_{kind}")()


def test_two_models_are_judged_apart():
    def loss_of_one(cnn, mlp, loader, criterion, optimizer_cnn, optimizer_mlp, device):
        for images, labels in loader:
            images, labels = images.to(device), labels.to(device)
            optimizer_cnn.zero_grad()
            optimizer_mlp.zero_grad()
            logits = cnn(images)
            mlp(images)
            criterion(logits, labels).backward()
            optimizer_cnn.step()
            optimizer_mlp.step()

    trial = TrainingTrial("train_both", models=("cnn", "mlp"))
    trial.run(loss_of_one, *BOTH)
    trial.check_weights("cnn")
    trial.check_backward("cnn")
    trial.check_steps("mlp")
    assert trial.diary("mlp") == ["zero_grad", "forward", "step"] * 3
    with pytest.raises(CheckError, match="another model"):
        trial.check_backward("mlp")
    with pytest.raises(CheckError, match="`mlp` are wrong"):
        trial.check_weights("mlp")


def test_the_loss_of_the_other_model_is_named():
    trial = EvaluationTrial("test_both", models=("cnn", "mlp"), seed=9)
    trial.run(lambda cnn, mlp, loader: [(cnn(images), mlp(images)) for images, _ in loader], "cnn", "mlp", "loader")
    trial.check_mean_loss(trial.mean_loss("mlp"), "mlp")
    with pytest.raises(CheckError, match=r"of `cnn` is not right(?s:.*)likely cause: this is the loss of `mlp`"):
        trial.check_mean_loss(trial.mean_loss("mlp"), "cnn")


def test_another_optimizers_step_is_counted():
    def steps_of_one(cnn, mlp, loader, criterion, optimizer_cnn, optimizer_mlp, device):
        for images, labels in loader:
            for model in (cnn, mlp):
                criterion(model(images.to(device)), labels.to(device)).backward()
                optimizer_cnn.step()

    trial = TrainingTrial("train_both", models=("cnn", "mlp"))
    trial.run(steps_of_one, *BOTH)
    for name in ("cnn", "mlp"):
        with pytest.raises(CheckError, match=f"`{name}` must happen once"):
            trial.check_steps(name)


def test_two_models_may_start_alike():
    other, same = (TrainingTrial("train_both", models=("cnn", "mlp"), same_weights=same) for same in (False, True))
    assert other.mean_loss("cnn") != other.mean_loss("mlp")
    assert same.mean_loss("cnn") == same.mean_loss("mlp") == other.mean_loss("cnn")


# Evaluation loops


def accuracy(loader, model, device):
    was_training = model.training
    model.eval()
    right = count = 0
    with torch.no_grad():
        for images, labels in loader:
            right += (model(images.to(device)).argmax(dim=1) == labels.to(device)).sum().item()
            count += len(labels)
    model.train(was_training)
    return right / count


@torch.inference_mode()
def accuracy_on_the_host(loader, model, device):
    before = model.training
    model.train(False)
    answers = [(model(x.to(device)).max(1).indices.cpu() == y) for x, y in loader]
    model.train(before)
    return torch.cat(answers).double().mean()


def accuracy_by_numpy(loader, model, device):
    before = model.training
    model.eval()
    right = []
    for x, y in loader:
        with torch.set_grad_enabled(False):
            right.extend(model(x.to(device)).softmax(1).argmax(1).cpu().numpy() == y.numpy())
    model.train(before)
    return sum(right) / len(right)


def accuracy_at_the_end(loader, model, device):
    before = model.training
    model.eval()
    with torch.no_grad():
        answers = torch.cat([model(x.to(device)).argmax(1).cpu() for x, _ in loader])
    model.train(before)
    return (answers == torch.cat([y for _, y in loader])).double().mean().item()


def accuracy_of_lists(loader, model, device):
    before = model.training
    model.eval()
    right = []
    with torch.no_grad():
        for x, y in loader:
            pairs = zip(model(x.to(device)).argmax(1).tolist(), y.tolist(), strict=True)
            right += [one == other for one, other in pairs]
    model.train(before)
    return sum(right) / len(right)


def careless(loader, model, device):
    right = count = 0
    for images, labels in loader:
        right += (model(images).argmax(dim=1) == labels.to(device)).sum()
        count += len(labels)
    return right / count


EVALUATIONS = [accuracy, accuracy_on_the_host, accuracy_by_numpy, accuracy_at_the_end, accuracy_of_lists]


@pytest.mark.parametrize("loop", EVALUATIONS)
@pytest.mark.parametrize("training", [True, False])
def test_a_right_evaluation_passes_in_any_style(loop, training):
    trial = EvaluationTrial("check_accuracy", training=training)
    trial.check_accuracy(trial.run(loop, *EVALUATION))
    trial.check_eval_mode()
    trial.check_no_gradients()
    trial.check_mode_restored()
    trial.check_moves()
    trial.check_unchanged()


def test_what_a_careless_evaluation_gets_wrong():
    trial = EvaluationTrial("check_accuracy")
    trial.check_accuracy(trial.run(careless, *EVALUATION))
    trial.check_mode_restored()
    trial.check_unchanged()
    for check, cause in (
        (trial.check_eval_mode, "eval"),
        (trial.check_no_gradients, "no_grad"),
        (trial.check_moves, "images"),
    ):
        with pytest.raises(CheckError, match=cause):
            check()


def test_the_argmax_along_the_wrong_axis_is_named():
    def along_images(loader, model, device):
        return sum((model(x.to(device)).argmax(0) == y.to(device)).sum() for x, y in loader) / len(loader.dataset)

    trial = EvaluationTrial("check_accuracy", sizes=(3, 3, 3))
    came = trial.run(along_images, *EVALUATION)
    with pytest.raises(CheckError, match="along axis 0"):
        trial.check_accuracy(came)


@pytest.mark.parametrize("training", [True, False])
def test_a_mode_that_is_not_put_back_is_seen(training):
    trial = EvaluationTrial("check_accuracy", training=training)
    trial.run(lambda model: model.train(not training) and None, "model")
    with pytest.raises(CheckError, match="left in another mode"):
        trial.check_mode_restored()


def test_an_evaluation_that_trains_is_seen():
    trial = EvaluationTrial("check_accuracy")
    trial.run(usual, *TRAINING)
    with pytest.raises(CheckError, match="stay as they were"):
        trial.check_unchanged()
