"""Two processes under torchrun do what one process does with the same whole batches."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from torch.utils.data import DataLoader, DistributedSampler, TensorDataset

from course_utils.training.distributed import Shard

PROGRAM = Path(__file__).with_name("train_with_torchrun.py")
# Three processes that import torch: for `make test`, not for `make check`.
pytestmark = pytest.mark.real_path
CASES = ["tensors-40", "tensors-43", "dataset-40", "dataset-43"]
CASES += [
    f"dataset-19-{loss}" for loss in ("weights", "ignored", "nothing", "sum", "own")
]  # what counts differs by process


def start(folder, *launcher):
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""}
    if sys.platform == "linux":
        environment["GLOO_SOCKET_IFNAME"] = "lo"  # 127.0.0.1: needs no network
    return subprocess.Popen(
        [sys.executable, *launcher, str(PROGRAM), str(folder)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Results of one process, and of both of two, by the name of the case; and what the two printed."""
    if not torch.distributed.is_available() or not torch.distributed.is_gloo_available():
        pytest.skip("this PyTorch has no gloo")
    alone, together = tmp_path_factory.mktemp("alone"), tmp_path_factory.mktemp("together")
    launcher = ["-m", "torch.distributed.run", "--nproc_per_node=2"]
    launcher += ["--rdzv-backend=c10d", "--rdzv-endpoint=127.0.0.1:0", "--local-addr=127.0.0.1"]
    printed = ""
    for process in (start(alone), start(together, *launcher)):
        printed, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
    one = torch.load(alone / "rank-0.pt")
    first, second = torch.load(together / "rank-0.pt"), torch.load(together / "rank-1.pt")
    return one, first, second, printed, together


@pytest.mark.parametrize("case", CASES)
def test_two_processes_end_with_the_weights_of_one(runs, case):
    one, first, second, *_ = runs
    for name, weight in one[case]["weights"].items():
        torch.testing.assert_close(first[case]["weights"][name], weight, rtol=1e-4, atol=1e-6)
        assert torch.equal(first[case]["weights"][name], second[case]["weights"][name])


@pytest.mark.parametrize("case", CASES)
def test_every_process_has_the_figures_of_all_images(runs, case):
    one, first, second, *_ = runs
    assert first[case]["rows"] == second[case]["rows"]
    assert len(one[case]["rows"]) == 3
    for ours, theirs in zip(first[case]["rows"], one[case]["rows"], strict=True):
        assert ours == pytest.approx(theirs, rel=1e-4)
    assert first[case]["evaluation"] == pytest.approx(one[case]["evaluation"], rel=1e-4)


def test_every_process_goes_on_with_its_own_random_numbers(runs):
    """Dropout draws in each process from that one's generator."""
    one, first, second, *_ = runs
    for results in (one, first, second):
        whole, resumed = results["dropout"]
        assert all(torch.equal(whole[name], resumed[name]) for name in whole)


def test_a_loss_that_learns_is_refused_in_several_processes(runs):
    one, first, *_ = runs
    assert one["refused"] == ""
    assert "under torchrun the parameters of Scaled would become different in each process" in first["refused"]


def test_one_writer(runs):
    *_, printed, folder = runs
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        [f"{case}-mean.pt" if case.count("-") == 1 else f"{case}.pt" for case in CASES]
        + ["dropout.pt", "rank-0.pt", "rank-1.pt"]
    )
    assert printed.count("?step/s") == 2 * len(CASES)  # a new bar does not know its speed; each case calls fit twice


def test_batches_that_cannot_be_divided_are_refused():
    with pytest.raises(TypeError, match=r"batches of a list cannot be divided .* use a TensorLoader"):
        Shard([(torch.zeros(1), torch.zeros(1))], training=True)


def test_a_sampler_that_divides_is_refused():
    data = TensorDataset(torch.zeros(4, 1), torch.zeros(4))
    with pytest.raises(ValueError, match=r"each of 2 processes its part .* fit divides each batch"):
        Shard(DataLoader(data, 2, sampler=DistributedSampler(data, 2, 0)), training=True)
