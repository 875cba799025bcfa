"""What is said of a wrong address, of options that do not go together, and of a scheduler that is not there."""

import pytest

from autograder import __main__ as command_line
from autograder.cluster.cluster import Cluster
from autograder.sandbox.sandbox import SandboxError


@pytest.mark.parametrize("address", ["local:0", "local:", "local:two", "host:8786", "tcp://", "http://host:8786"])
def test_what_is_no_address(address):
    with pytest.raises(ValueError, match="no address of a Dask scheduler"):
        Cluster(address)


def test_a_scheduler_that_is_not_there(monkeypatch):
    monkeypatch.setattr("autograder.cluster.cluster.CONNECT_SECONDS", 1)
    cluster = Cluster("tcp://127.0.0.1:9")
    with pytest.raises(SandboxError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        cluster.get_ready()
    cluster.close()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--scheduler", "host"], "no address of a Dask scheduler"),
        (["--scheduler", "local:2", "--jobs", "2"], "--jobs is for one machine"),
        (["--scheduler", "local:2", "--no-sandbox"], "--no-sandbox is for one machine"),
    ],
)
def test_wrong_usage(options, said, capsys):
    assert command_line.main(["grade", *options]) == 2
    assert said in capsys.readouterr().err
