"""The roster's repositories: fetched from a server on this machine, by git's own protocol."""

import os
import subprocess
import sys
from pathlib import PurePosixPath

import pytest

from autograder.intake import repositories
from autograder.intake.repositories import FetchError, fetch_class, path_on
from tests.templates.forge import TOKEN, forge, git, push

GITHUB = "https://github.com"
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the limits on git are Linux's and macOS's")


@pytest.mark.parametrize(
    "address",
    [
        "https://github.com/class/ada",
        "https://github.com/class/ada.git/",
        "https://bob:secret@github.com/class/ada",
        "git@github.com:class/ada.git",
        "ssh://git@github.com/class/ada.git",
        "ssh://git@github.com:22/class/ada.git",
    ],
)
def test_addresses_of_all_kinds_are_one_path(address):
    assert path_on(GITHUB, address) == "class/ada"


@pytest.mark.parametrize(
    "address",
    [
        "https://github.com.example.org/class/ada",
        "https://github.com@example.org/class/ada",
        "git@example.org:class/ada.git",
        "/srv/class/ada",
        "ext::sh -c touch% x",
        "https://github.com/class/../../x",
        "https://github.com/ada",
        "--upload-pack=x",
    ],
)
def test_an_address_elsewhere_is_not_asked(address):
    with pytest.raises(FetchError, match="The roster's repository"):
        path_on(GITHUB, address)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("work/02-shapes/02-shapes (1).ipynb", "work/02-shapes/02-shapes (1).ipynb"),
        ("../../x.ipynb", "_/_/x.ipynb"),
        ("/etc/x.ipynb", "_/etc/x.ipynb"),
        ('a:b"<>|*?\\\r\n.ipynb', "a_b_________.ipynb"),
        ("übung.ipynb", "übung.ipynb"),
    ],
)
def test_a_name_leads_nowhere_else(name, safe):
    assert repositories._safe(name) == PurePosixPath(safe)


@pytest.fixture
def served(tmp_path, monkeypatch):
    """A server, and a function that makes a repository of files on it."""
    monkeypatch.setenv(repositories.TOKEN, TOKEN)
    with forge(tmp_path / "served") as server:

        def make(name, files, filters=True):
            work = tmp_path / "work" / name
            for path, content in files.items():
                (work / path).parent.mkdir(parents=True, exist_ok=True)
                (work / path).write_bytes(content)
            commit = push(work, tmp_path / "served" / "class", name)
            git(tmp_path / "served" / "class" / f"{name}.git", "config", "uploadpack.allowFilter", str(filters).lower())
            return commit

        make.server = server
        yield make


def fetched(served, out, *students):
    address = served.server.address
    return fetch_class({name: {"repository": f"{address}/class/{name}"} for name in students}, address, out)


def test_notebooks_come_and_nothing_else(served, tmp_path):
    files = {"a.ipynb": b"{}", "deep/b.IPYNB": b"[]", "code.py": b"1", ".gitattributes": b"*.ipynb filter=x\n"}
    commit = served("ada", files)
    out = tmp_path / "out"
    assert fetched(served, out, "ada") == {"ada": {"repository": "class/ada", "commit": commit, "problem": ""}}
    found = {
        path.relative_to(out / "ada").as_posix(): path.read_bytes() for path in out.glob("ada/**/*") if path.is_file()
    }
    assert found == {"a.ipynb": b"{}", "deep/b.IPYNB": b"[]"}


@pytest.mark.parametrize("filters", [True, False])
def test_a_notebook_that_is_too_large_is_a_sentence(served, tmp_path, filters):
    served("ada", {"large.ipynb": b" " * (repositories.LARGEST + 1)}, filters)
    facts = fetched(served, tmp_path / "out", "ada")["ada"]
    assert facts["problem"] == "large.ipynb has more than 21 MB: clear its outputs."
    assert len(facts["commit"]) == 40


def test_a_repository_that_is_too_large_is_a_sentence(served, tmp_path):
    served("ada", {f"{n}.bin": os.urandom(500_000) for n in range(6)})
    served("bob", {"a.ipynb": b"{}"})
    address = served.server.address
    roster = tmp_path / "roster.csv"
    roster.write_text(f"id,repository\nada,{address}/class/ada\nbob,{address}/class/bob\n")
    limited = (
        "import sys; from autograder.intake import repositories; repositories.MOST_FETCHED = 1_000_000; "
        "sys.exit(repositories.main(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", limited, "--roster", roster, "--server", address, "--out", tmp_path / "out"]
    ran = subprocess.run(command, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    ada, bob = ran.stdout.splitlines()
    assert ada == (
        "ada: The repository could not be fetched (its newest commit has more than 1 MB: take large files out of it)."
    )
    assert bob.startswith("bob: class/bob at ")


def test_what_is_not_there_and_what_is_empty(served, tmp_path):
    bare = tmp_path / "served" / "class" / "bob.git"
    git(tmp_path, "init", "-q", "--bare", str(bare))
    facts = fetched(served, tmp_path / "out", "ada", "bob")
    assert "not found" in facts["ada"]["problem"]
    assert facts["bob"]["problem"] == "The repository is empty: push a commit."
    assert facts["bob"]["commit"] == ""


def test_without_the_token_a_private_repository_is_a_sentence(served, tmp_path, monkeypatch):
    served("ada", {"a.ipynb": b"{}"})
    monkeypatch.delenv(repositories.TOKEN)
    assert "could not read Username" in fetched(served, tmp_path / "out", "ada")["ada"]["problem"]


def test_a_tree_with_a_billion_files_ends(served, tmp_path, monkeypatch):
    """A tree that holds a tree many times over is small for git to send and endless to list."""
    served("ada", {"0/a.ipynb": b"{}"})
    bare = tmp_path / "served" / "class" / "ada.git"
    tree = git(bare, "rev-parse", "HEAD^{tree}").strip()
    for _ in range(9):
        lines = "".join(f"040000 tree {tree}\td{n}\n" for n in range(10))
        tree = subprocess.run(
            ["git", "-C", bare, "mktree"], input=lines, capture_output=True, text=True, check=True
        ).stdout.strip()
    commit = git(bare, "commit-tree", "-m", "bomb", tree).strip()
    git(bare, "update-ref", "HEAD", commit)
    monkeypatch.setattr(repositories, "MOST_LISTED", 100_000)
    assert "too many files" in fetched(served, tmp_path / "out", "ada")["ada"]["problem"]


def test_a_git_that_does_not_end_is_ended(served, tmp_path, monkeypatch):
    served("ada", {"a.ipynb": b"{}"})
    monkeypatch.setattr(repositories, "SECONDS", 0.01)
    problem = fetched(served, tmp_path / "out", "ada")["ada"]["problem"]
    assert problem == "The repository could not be fetched (git took more than 0.01 seconds)."


def test_a_roster_that_names_no_repository_or_a_folder_elsewhere(tmp_path):
    with pytest.raises(ValueError, match="no column `repository`"):
        fetch_class({"ada": {}}, GITHUB, tmp_path)
    with pytest.raises(ValueError, match=r"has the id '\.\./ada'"):
        fetch_class({"../ada": {"repository": "x"}}, GITHUB, tmp_path)
