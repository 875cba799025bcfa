"""Grading on SLURM: a controller and a node of its own on this machine, to which the template submits its jobs."""

import contextlib
import importlib.util
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.sandbox import outer_wall
from tests.hostile import sameness
from tests.templates.test_cluster import load

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(problem := outer_wall.problem()), reason=f"no sandbox here: {problem}"),
    pytest.mark.skipif(
        not importlib.util.find_spec("dask_jobqueue"), reason="requirements-cluster.txt is not installed"
    ),
    pytest.mark.skipif(
        not all(map(shutil.which, PROGRAMS)) or os.getuid() != 0, reason="no SLURM is installed, or this is not root"
    ),
]


@pytest.fixture
def slurm(tmp_path, monkeypatch):
    """SLURM with one node, which says that it has eight cores."""
    with running(tmp_path / "slurm") as settings:
        monkeypatch.setenv("SLURM_CONF", str(settings))
        yield


@contextlib.contextmanager
def running(folder: Path) -> Iterator[Path]:
    """The daemons, with all their files in one folder; their settings' file."""
    for name in ("state", "spool"):
        (folder / name).mkdir(parents=True)
    name, key = socket.gethostname().partition(".")[0], folder / "munge.key"
    key.write_bytes(os.urandom(1024))
    key.chmod(0o600)
    settings = folder / "slurm.conf"
    settings.write_text(f"""
ClusterName=test
SlurmctldHost={name}(127.0.0.1)
SlurmctldPort={free_port()}
SlurmdPort={free_port()}
SlurmUser=root
AuthInfo=socket={folder}/munge.socket
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SlurmdParameters=config_overrides
NodeName={name} NodeAddr=127.0.0.1 CPUs=8 RealMemory=16384
PartitionName=normal Nodes=ALL Default=YES
""")
    munge = ["munged", "--foreground", "--force", f"--key-file={key}", f"--socket={folder}/munge.socket"]
    munge += [f"--{kind}-file={folder}/munge.{kind}" for kind in ("pid", "log", "seed")]
    environment = os.environ | {"SLURM_CONF": str(settings)}
    with contextlib.ExitStack() as daemons:
        for command in (munge, ["slurmctld", "-D", "-c"], ["slurmd", "-D"]):
            said = daemons.enter_context((folder / f"{command[0]}.said").open("w"))
            daemon = subprocess.Popen(command, env=environment, stdout=said, stderr=said)
            daemons.callback(daemon.wait)
            daemons.callback(daemon.terminate)
        yield settings


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def test_a_job_grades_as_this_machine_does(slurm, tmp_path, monkeypatch):
    class_ = sameness.write_class(tmp_path / "course", ["os-exit"])
    for folder in (class_.root / "submitted").iterdir():
        if folder.name not in ("honest-plain", "honest-warns", "wrong-identity", "wrong-raises", "hostile-os-exit"):
            shutil.rmtree(folder)
    expected = class_.finish(tmp_path / "here")
    monkeypatch.chdir(tmp_path)  # a job writes what it says where it was submitted
    with load("slurm").make_cluster() as cluster:
        cluster.scale(jobs=1)
        process = class_.start(tmp_path / "out", scheduler=cluster.scheduler_address)
        _, said = process.communicate(timeout=300)
        assert process.returncode == 0, said.decode()[-3000:]
    assert sameness.marks(tmp_path / "out" / "gradebook.db") == expected
    assert len(expected) == 5
