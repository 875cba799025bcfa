"""Checkpoints: whole or not there, and a resumed run equals one that was never stopped, to the bit."""

import os
import random

import numpy as np
import pytest
import torch
from torch import nn
from torch.optim import lr_scheduler
from torch.utils.data import DataLoader, TensorDataset

from course_utils.training import Augment, TensorLoader, fit, read_checkpoint, seed_everything, write_checkpoint
from tests.course_utils.training.small_training import press_ctrl_c, same_weights, small_images, small_loader, small_net


class Noisy(TensorDataset):
    """Draws from all three generators for each image."""

    def __getitem__(self, index):
        image, label = super().__getitem__(index)
        return image + 0.1 * random.random() + 0.1 * np.random.rand() + 0.1 * torch.rand(()), label


def tensor_loader(kind=TensorLoader):
    return kind(small_images(), 8, shuffle=True, augment=Augment(shift=1, flip=True), device="cpu")


def data_loader(**options):
    images, labels = small_images()
    return DataLoader(Noisy(images / 255, labels), 8, shuffle=True, **options)


def data_loader_with_generator():
    return data_loader(generator=torch.Generator().manual_seed(11))


SCHEDULERS = {
    "OneCycleLR": (lambda o: lr_scheduler.OneCycleLR(o, 0.02, total_steps=30), "step"),
    "CyclicLR": (lambda o: lr_scheduler.CyclicLR(o, 1e-4, 1e-2, 3, cycle_momentum=False), "step"),
    "StepLR": (lambda o: lr_scheduler.StepLR(o, 2), "epoch"),
    "MultiStepLR": (lambda o: lr_scheduler.MultiStepLR(o, [2, 4]), "epoch"),
    "LambdaLR": (lambda o: lr_scheduler.LambdaLR(o, lambda epoch: 1 / (1 + epoch)), "epoch"),
    "NumPy": (lambda o: lr_scheduler.LambdaLR(o, lambda epoch: np.cos(epoch / 9)), "epoch"),
    "MultiplicativeLR": (lambda o: lr_scheduler.MultiplicativeLR(o, lambda epoch: 0.9), "epoch"),
    "ExponentialLR": (lambda o: lr_scheduler.ExponentialLR(o, 0.8), "epoch"),
    "PolynomialLR": (lambda o: lr_scheduler.PolynomialLR(o, 6), "epoch"),
    "CosineAnnealingLR": (lambda o: lr_scheduler.CosineAnnealingLR(o, 6), "epoch"),
    "CosineAnnealingWarmRestarts": (lambda o: lr_scheduler.CosineAnnealingWarmRestarts(o, 4), "epoch"),
    "ReduceLROnPlateau": (lambda o: lr_scheduler.ReduceLROnPlateau(o, patience=0), "epoch"),
    "SequentialLR": (
        lambda o: lr_scheduler.SequentialLR(
            o, [lr_scheduler.LinearLR(o, 0.1, total_iters=2), lr_scheduler.ExponentialLR(o, 0.9)], [2]
        ),
        "epoch",
    ),
    "ChainedScheduler": (
        lambda o: lr_scheduler.ChainedScheduler(
            [lr_scheduler.ConstantLR(o, 0.5, 3), lr_scheduler.ExponentialLR(o, 0.9)], optimizer=o
        ),
        "epoch",
    ),
}


def run(epochs, make_loader=tensor_loader, make_optimizer=torch.optim.Adam, scheduler=None, **options):
    """A run from the start, everything built and seeded anew, as after a restart of the kernel."""
    seed_everything(3)
    model = small_net(dropout=0.3, norm=True)
    optimizer = make_optimizer(model.parameters(), lr=0.01)
    make, every = SCHEDULERS.get(scheduler, (scheduler, "epoch")) if scheduler else (lambda _: None, None)
    history = fit(
        model,
        make_loader(),
        small_loader(count=20),
        epochs=epochs,
        optimizer=optimizer,
        loss_fn=nn.CrossEntropyLoss(),
        scheduler=make(optimizer),
        scheduler_every=every,
        device="cpu",
        progress=False,
        **options,
    )
    return model, history


def assert_same_run(one, other):
    assert same_weights(one[0], other[0])
    for name in ("train_loss", "train_accuracy", "val_loss", "val_accuracy", "learning_rate"):
        assert one[1][name] == other[1][name]


@pytest.mark.parametrize("make_loader", [tensor_loader, data_loader, data_loader_with_generator])
def test_resumed_equals_uninterrupted_to_the_bit(tmp_path, make_loader):
    whole = run(6, make_loader)
    run(3, make_loader, checkpoint=tmp_path / "run.pt")
    random.seed(99)  # whatever happened in between
    resumed = run(6, make_loader, checkpoint=tmp_path / "run.pt", resume=True)
    assert_same_run(whole, resumed)
    assert resumed[1]["epoch"] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_resumed_with_each_scheduler(tmp_path, scheduler):
    whole = run(6, scheduler=scheduler)
    run(3, scheduler=scheduler, checkpoint=tmp_path / "run.pt")
    assert_same_run(whole, run(6, scheduler=scheduler, checkpoint=tmp_path / "run.pt", resume=True))


@pytest.mark.parametrize("make_optimizer", [torch.optim.SGD, torch.optim.AdamW, torch.optim.RMSprop])
def test_resumed_with_other_optimizers(tmp_path, make_optimizer):
    whole = run(4, make_optimizer=make_optimizer)
    run(2, make_optimizer=make_optimizer, checkpoint=tmp_path / "run.pt")
    assert_same_run(whole, run(4, make_optimizer=make_optimizer, checkpoint=tmp_path / "run.pt", resume=True))


class PressesCtrlC(TensorLoader):
    """Presses Ctrl-C once, for real, at the 13th batch of the run."""

    left = 13

    def take(self, indices):
        self.left -= 1
        if self.left == 0:
            press_ctrl_c()
        return super().take(indices)


def test_resumed_after_ctrl_c_in_the_middle_of_an_epoch(tmp_path):
    whole = run(5)
    path = tmp_path / "run.pt"
    _, stopped = run(5, lambda: tensor_loader(PressesCtrlC), checkpoint=path)
    assert (len(stopped), stopped.stopped) == (2, "interrupted")
    assert_same_run(whole, run(5, checkpoint=path, resume=True))


def test_early_stopping_survives_a_resumption(tmp_path):
    options = {"patience": 2, "make_optimizer": lambda p, lr: torch.optim.SGD(p, lr=2.0)}  # so high that it gets worse
    whole = run(30, **options)
    assert whole[1].stopped == "early"
    for epochs in range(1, len(whole[1])):
        run(epochs, checkpoint=tmp_path / "run.pt", **options)
        assert_same_run(whole, run(30, checkpoint=tmp_path / "run.pt", resume=True, **options))


def test_a_finished_run_is_not_trained_again(tmp_path):
    first = run(2, checkpoint=tmp_path / "run.pt")
    assert_same_run(first, run(2, checkpoint=tmp_path / "run.pt", resume=True))


def test_resume_without_a_file_starts_and_without_a_name_is_refused(tmp_path):
    assert_same_run(run(2), run(2, checkpoint=tmp_path / "new" / "run.pt", resume=True))
    assert (tmp_path / "new" / "run.pt").exists()
    with pytest.raises(ValueError, match="give checkpoint="):
        run(2, resume=True)


# The file


def test_interrupted_writing_leaves_the_old_file(tmp_path):
    class Fails:
        def __reduce__(self):
            raise KeyboardInterrupt

    path = tmp_path / "run.pt"
    write_checkpoint(path, {"value": 1})
    with pytest.raises(KeyboardInterrupt):
        write_checkpoint(path, {"value": Fails()})
    assert read_checkpoint(path)["value"] == 1
    assert os.listdir(tmp_path) == ["run.pt"]


@pytest.mark.parametrize("kept", [0.0, 0.3, 0.99])
def test_a_file_that_was_cut_off(tmp_path, kept):
    path = tmp_path / "run.pt"
    run(1, checkpoint=path)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * kept)])
    with pytest.raises(ValueError, match=r"run\.pt cannot be read as a checkpoint: it is cut off"):
        run(2, checkpoint=path, resume=True)


def test_other_files(tmp_path):
    path = tmp_path / "run.pt"
    torch.save(small_net().state_dict(), path)
    with pytest.raises(ValueError, match="is not a checkpoint of fit; perhaps it holds a model's weights"):
        read_checkpoint(path)
    with pytest.raises(FileNotFoundError, match="there is no checkpoint"):
        read_checkpoint(tmp_path / "none.pt")
    torch.save(small_net(), path)  # a pickled object could run code while it is read
    with pytest.raises(ValueError, match="another kind of file"):
        read_checkpoint(path)


def test_a_file_with_a_changed_byte(tmp_path):
    path = tmp_path / "run.pt"
    run(1, checkpoint=path)
    content = bytearray(path.read_bytes())
    weights = np.frombuffer(read_checkpoint(path)["model"]["5.weight"].numpy().tobytes(), dtype=np.uint8).tobytes()
    content[content.index(weights)] ^= 1
    path.write_bytes(content)
    assert len(torch.load(path)) > 1  # PyTorch alone sees nothing
    with pytest.raises(ValueError, match="cut off, damaged or another kind of file"):
        run(2, checkpoint=path, resume=True)


def test_files_of_other_versions_and_other_writers(tmp_path):
    path = tmp_path / "run.pt"
    run(1, checkpoint=path)
    state = read_checkpoint(path)
    before = {"format": "course_utils.training 1", **{name: state[name] for name in ("model", "optimizer", "history")}}
    torch.save(before, path)
    with pytest.raises(
        ValueError, match=r"by an older version of fit .* 'loss_fn' is missing\. Start a new run from its"
    ):
        run(2, checkpoint=path, resume=True)
    assert read_checkpoint(path)["model"].keys() == state["model"].keys()  # as that message advises
    write_checkpoint(path, {"epoch": 3})
    with pytest.raises(ValueError, match=r"something else than fit .* 'model' is missing"):
        run(2, checkpoint=path, resume=True)
    torch.save({**state, "format": "course_utils.training 3"}, path)
    with pytest.raises(ValueError, match=r"format 'course_utils\.training 3', this version .* up to .* 2'; update it"):
        run(2, checkpoint=path, resume=True)
    with pytest.raises(OSError, match="directory"):
        read_checkpoint(tmp_path)


def test_numbers_of_numpy_are_kept_as_they_are(tmp_path):
    """A learning rate from np.geomspace is one, and np.cos in a LambdaLR makes some."""
    values = [np.float64(0.1), np.float32(0.1), np.int64(3), np.bool_(True), np.arange(3.0)]
    write_checkpoint(tmp_path / "run.pt", {"values": values})
    read = read_checkpoint(tmp_path / "run.pt")["values"]
    assert [type(value) for value in read] == [type(value) for value in values]
    assert all(np.array_equal(one, other) for one, other in zip(read, values, strict=True))

    def train(epochs, **options):
        def adam(parameters, lr):
            return torch.optim.Adam(parameters, np.float64(lr))

        return run(epochs, make_optimizer=adam, scheduler="NumPy", **options)

    whole = train(3)
    train(2, checkpoint=tmp_path / "run.pt")
    assert_same_run(whole, train(3, checkpoint=tmp_path / "run.pt", resume=True))


@pytest.mark.parametrize("value", [object(), lambda: 0, os.getcwd])
def test_what_could_not_be_read_again_is_not_written(tmp_path, value):
    path = tmp_path / "run.pt"
    write_checkpoint(path, {"value": 1})
    with pytest.raises(TypeError, match=r"run\.pt was not written: a checkpoint holds numbers, strings, tensors"):
        write_checkpoint(path, {"value": value})
    assert read_checkpoint(path)["value"] == 1
    assert os.listdir(tmp_path) == ["run.pt"]


def test_a_scheduler_without_a_state(tmp_path):
    class Halves:
        def __init__(self, optimizer):
            self.optimizer = optimizer

        def step(self):
            self.optimizer.param_groups[0]["lr"] /= 2

    assert run(2, scheduler=Halves)[1]["learning_rate"] == [0.01, 0.005]
    with pytest.raises(TypeError, match="Halves has no state_dict"):
        run(2, scheduler=Halves, checkpoint=tmp_path / "run.pt")


def test_extra_state_of_a_layer(tmp_path):
    class Counts(nn.Linear):
        calls = 0

        def get_extra_state(self):
            return {"calls": self.calls}

        def set_extra_state(self, state):
            self.calls = state["calls"]

        def forward(self, x):
            self.calls += 1
            return super().forward(x.flatten(1)) * (1 + self.calls / 100)

    def train(epochs, **options):
        seed_everything(3)
        model = Counts(48, 3)
        sgd = torch.optim.SGD(model.parameters(), 0.1)
        options = {"loss_fn": nn.CrossEntropyLoss(), "device": "cpu", "progress": False, "patience": 9, **options}
        fit(model, small_loader(), epochs=epochs, optimizer=sgd, **options)
        return model

    whole = train(3)
    train(2, checkpoint=tmp_path / "run.pt")
    resumed = train(3, checkpoint=tmp_path / "run.pt", resume=True)
    assert torch.equal(whole.weight, resumed.weight)
    assert resumed.calls == 3 * len(small_loader())


def test_a_checkpoint_of_another_model_changes_nothing(tmp_path):
    run(1, checkpoint=tmp_path / "run.pt")
    model = nn.Sequential(nn.Flatten(), nn.Linear(48, 3))
    before = model[1].weight.detach().clone()
    with pytest.raises(ValueError, match=r"another model: 0\.weight is \(4, 1, 3, 3\) in the file and missing"):
        fit(
            model,
            small_loader(),
            epochs=2,
            optimizer=torch.optim.SGD(model.parameters(), 0.1),
            loss_fn=nn.CrossEntropyLoss(),
            checkpoint=tmp_path / "run.pt",
            resume=True,
            device="cpu",
        )
    assert torch.equal(model[1].weight, before)


@pytest.mark.parametrize(
    "other", [{"scheduler": "StepLR"}, {"make_loader": data_loader_with_generator}, {"make_loader": data_loader}]
)
def test_a_checkpoint_of_another_kind_of_run(tmp_path, other):
    run(1, checkpoint=tmp_path / "run.pt")
    with pytest.raises(ValueError, match="was written by another kind of run"):
        run(2, checkpoint=tmp_path / "run.pt", resume=True, **other)
