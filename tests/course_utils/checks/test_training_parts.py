"""Probes of what does not travel: devices, transforms, loaders, optimizers, schedulers and files."""

import io
import pickle
import sys
from pathlib import Path

import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision.transforms import v2

from course_utils.checks import files, training_parts


@pytest.mark.parametrize(("cuda", "mps"), [(False, False), (True, False), (False, True), (True, True)])
def test_devices_are_there_as_asked(cuda, mps):
    def seen():
        return [torch.cuda.is_available(), torch.cuda.device_count(), torch.backends.mps.is_available()]

    before = seen()
    assert training_parts.picked_device(seen, cuda=cuda, mps=mps) == [cuda, int(cuda), mps]
    assert seen() == before


def test_a_transform_gets_a_picture_and_gives_plain_tensors():
    picture = torch.tensor([[0, 51], [255, 102]], dtype=torch.uint8)
    [came] = training_parts.transformed(v2.Compose([v2.ToImage(), v2.ToDtype(torch.float32, scale=True)]), picture)
    assert type(came) is torch.Tensor
    assert came.tolist() == [[[0.0, pytest.approx(0.2)], [1.0, pytest.approx(0.4)]]]
    assert training_parts.transformed(lambda picture: picture.mode, picture, draws=3) == ["L", "L", "L"]


def test_each_pass_over_a_loader_has_an_order_of_its_own():
    torch.manual_seed(0)
    loader = DataLoader([(torch.zeros(1), number) for number in range(20)], 8, shuffle=True)
    first, second = (torch.cat([labels for _, labels in training_parts.batches_of(loader)]) for _ in range(2))
    assert sorted(first.tolist()) == sorted(second.tolist()) == list(range(20))
    assert first.tolist() != second.tolist()


def test_facts_of_what_is_no_optimizer():
    facts = training_parts.optimizer_facts(None, nn.Linear(1, 1))
    assert facts == {"kind": "NoneType", "is_optimizer": False, "held": [], "others": 0}


def test_training_is_that_of_a_loop_written_out():
    torch.manual_seed(0)
    images, labels = torch.randn(7, 3), torch.tensor([0, 1, 1, 0, 1, 0, 0])
    net, twin = nn.Linear(3, 2), nn.Linear(3, 2)
    twin.load_state_dict(net.state_dict())
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    [first, _] = training_parts.train_network(net, optimizer, images, labels, epochs=2, batch_size=7, seed=3)
    assert first == pytest.approx(nn.functional.cross_entropy(twin(images), labels).item())
    for _ in range(2):  # one batch holds all: the order does not matter
        gradients = torch.autograd.grad(nn.functional.cross_entropy(twin(images), labels), list(twin.parameters()))
        with torch.no_grad():
            for parameter, gradient in zip(twin.parameters(), gradients, strict=True):
                parameter -= 0.1 * gradient
    torch.testing.assert_close(net.weight, twin.weight)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not limit the size of files")
def test_a_full_disk_ends_with_the_call():
    def write(path: Path) -> None:
        path.write_bytes(bytes(2000))

    path = files.new_folder() / "large"
    with pytest.raises(OSError, match="File too large"):
        files.with_full_disk(write, path, room=1000)
    write(path)
    assert len(files.files_in(path.parent)["large"]) == 2000


def test_ctrl_c_comes_while_the_weights_are_written():
    def save(model, path):
        try:
            torch.save(model.state_dict(), path)
        except Exception:
            path.unlink()

    path = files.new_folder() / "half.pt"
    assert files.stopped_half_way(save, path) == "KeyboardInterrupt"
    assert list(files.files_in(path.parent)) == ["half.pt"]
    assert files.stopped_half_way(lambda model, path: path.write_bytes(b""), path) == ""


def test_code_in_a_file_does_not_run_and_a_text_is_no_checkpoint():
    with pytest.raises(Exception, match="weights_only"):
        files.tensors_in(files.as_file({"weight": print}))
    with pytest.raises(pickle.UnpicklingError):
        files.tensors_in(b"no checkpoint")


def test_tensors_are_found_wherever_they_are():
    state = {"epoch": 3, "weights": {"a": torch.ones(2)}, "more": [torch.zeros(1), "text"]}
    assert [tensor.tolist() for tensor in files.tensors_in(files.as_file(state))] == [[1.0, 1.0], [0.0]]


def test_a_program_takes_what_it_was_exported_for():
    file = io.BytesIO()
    shapes = ({0: torch.export.Dim.DYNAMIC},)
    torch.export.save(torch.export.export(nn.ReLU(), (torch.ones(2, 1),), dynamic_shapes=shapes), file)
    assert files.program_result(file.getvalue(), torch.tensor([[-1.0], [2.0], [3.0]])).tolist() == [[0.0], [2.0], [3.0]]
