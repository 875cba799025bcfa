"""Statuses and comments, posted to a server on this machine."""

import json

import pytest

from autograder.reports import statuses
from autograder.reports.statuses import FORGES, main, post_class
from tests.templates.forge import TOKEN, forge

COMMIT = "c" * 40


@pytest.fixture
def served(tmp_path, monkeypatch):
    """A server, and a function that writes results and posts them."""
    monkeypatch.setattr(statuses, "PAUSE", 0)
    with forge(tmp_path / "none") as server:

        def post(state="enough", said="4 of 4", kind="github", token=TOKEN, commit=COMMIT):
            folder = tmp_path / "results"
            (folder / "ada").mkdir(parents=True, exist_ok=True)
            (folder / "ada" / "summary.md").write_text("## all is well")
            facts = {"repository": "class/ada", "commit": commit, "state": state, "said": said, "unit": "02-shapes"}
            (folder / "class.json").write_text(json.dumps({"ada": facts}))
            return post_class(folder, FORGES[kind], server.address, token)

        post.server = server
        yield post


@pytest.mark.parametrize("kind", FORGES)
def test_what_was_said_is_said_once(served, kind, capsys):
    assert served(kind=kind)
    assert len(served.server.posted) == 2
    assert served(kind=kind)
    assert len(served.server.posted) == 2
    assert "ada: enough: said before" in capsys.readouterr().out
    assert served("not enough", "3 of 4", kind=kind)
    assert len(served.server.posted) == 4


def test_a_status_is_cut_to_what_github_takes(served):
    assert served(said="x" * 500)
    assert served.server.posted[0] == (
        COMMIT,
        {"state": "success", "context": "course/02-shapes", "description": "x" * 140},
    )
    assert served.server.posted[1] == (COMMIT, {"body": "## all is well"})
    assert served.server.paths == [f"/repos/class/ada/statuses/{COMMIT}", f"/repos/class/ada/commits/{COMMIT}/comments"]


def test_a_wrong_token_is_said_and_not_shown(served, capsys):
    assert not served(token="wrong-token")
    said = capsys.readouterr().out
    assert "answered 401" in said
    assert "wrong-token" not in said


def test_what_the_grader_failed_on_is_told_and_makes_the_run_fail(served):
    assert not served("not graded", "the grader failed on it")
    assert served.server.posted[0][1]["state"] == "error"


def test_without_a_commit_nothing_is_asked(served, capsys):
    assert not served("unusable", "The repository is empty: push a commit.", commit="")
    assert "not posted: The repository is empty" in capsys.readouterr().out
    assert not served.server.posted


def test_a_server_that_is_not_there(served, tmp_path):
    served()
    with pytest.raises(statuses.PostError, match="did not answer"):
        statuses._ask("http://127.0.0.1:9/", {}, None)


def test_what_is_missing_is_said(tmp_path, monkeypatch, capsys):
    monkeypatch.delenv(statuses.TOKEN, raising=False)
    asked = [str(tmp_path), "--forge", "github", "--api", "http://127.0.0.1:9"]
    assert main(asked) == 2
    assert "there is no token in CLASS_TOKEN" in capsys.readouterr().err
    monkeypatch.setenv(statuses.TOKEN, "x")
    assert main(asked) == 2
    assert "class.json" in capsys.readouterr().err
