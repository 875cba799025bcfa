"""The notebooks in the repositories that the roster names, fetched from the class's server.

    python -m autograder.intake.repositories --server https://github.com --out clones

Nothing is ever checked out: no hook, filter, submodule, link or name of a file in a stranger's repository can act.
git fetches the newest commit alone and leaves out large files; the notebooks are read out of what came. A token in
``CLASS_TOKEN`` is told to git alone, and only for that server. This needs git and Python, and no package.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from autograder.files import write_bytes, write_text
from autograder.grading.roster import Roster, is_student_name, read_roster

TOKEN = "CLASS_TOKEN"
LARGEST = 21_000_000  # bytes of a file that comes along: more than the grader reads, so that it can say so
MOST_FETCHED = 200_000_000  # bytes of a repository's newest commit, packed
MOST_LISTED = 50_000_000  # bytes of the list of its files
MOST_NOTEBOOKS = 200
SECONDS = 120  # for each command of git
AT_ONCE = 4
# git asks the helper for a password only where it has to, and only for the server whose name the setting has.
HELPER = f'!f() {{ test "$1" = get && printf "username=x-access-token\\npassword=%s\\n" "${TOKEN}"; }}; f'


class FetchError(ValueError):
    """A repository that cannot be graded; the message is a sentence."""


def fetch_class(roster: Roster, server: str, out: Path) -> dict[str, dict[str, str]]:
    """Fetch the notebooks of everybody in the roster who has a repository.

    Args:
        roster: as `read_roster` gives it.
        server: the address that all repositories begin with, as ``https://github.com``; no other is asked.
        out: gets ``<student>/`` with the notebooks as they lie in the repository, and ``class.json``.

    Returns:
        By student: ``repository``, its path on the server; ``commit``; ``problem``, "" or a sentence. It stands in
        ``class.json``, too.

    Raises:
        ValueError: the roster names no repository, or a student's id cannot be a folder's name.
    """
    listed = {student: facts["repository"] for student, facts in roster.items() if facts.get("repository")}
    if not listed:
        raise ValueError("roster.csv has no column `repository`: it says which repository is whose")
    for student in listed:
        if not is_student_name(student):
            raise ValueError(f"roster.csv has the id {student!r}: letters, digits and . _ - + @ are allowed")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        fetched = pool.map(lambda student: _fetch(listed[student], server, out / student), listed)
        found = dict(zip(listed, fetched, strict=True))
    write_text(out / "class.json", json.dumps(found, indent=1))
    return found


def path_on(server: str, address: str) -> str:
    """A repository's path on the server, as ``class/ada``; the address may be git's of either kind.

    Raises:
        FetchError: it is on another server, or no address.
    """
    shell = re.fullmatch(r"(?:ssh://)?(?:[\w.-]+@)([\w.-]+)(?::\d+/|[:/])(.+)", address)
    host, path = (
        (shell[1], shell[2]) if shell else (urlsplit(address).netloc.rpartition("@")[2], urlsplit(address).path)
    )
    path = re.sub(r"(\.git)?/*$", "", path.strip("/"))
    home = urlsplit(server)
    if host not in (home.netloc, home.hostname):
        raise FetchError(f"The roster's repository {address} is not on {server}, so it was not fetched.")
    if not re.fullmatch(r"[\w.-]+(/[\w.-]+)+", path) or ".." in path.split("/"):
        raise FetchError(f"The roster's repository {address} is no address such as {server}/class/ada.")
    return path


def _fetch(address: str, server: str, out: Path) -> dict[str, str]:
    facts = {"repository": "", "commit": "", "problem": ""}
    out.mkdir(parents=True, exist_ok=True)
    try:
        facts["repository"] = path_on(server, address)
        with tempfile.TemporaryDirectory(prefix="clone-") as scratch:
            repository = Path(scratch, "repository")
            _clone(f"{server}/{facts['repository']}.git", server, repository)
            facts["commit"] = _commit(repository)
            for number, (path, content) in enumerate(_notebooks(repository)):
                if number == MOST_NOTEBOOKS:
                    raise FetchError(f"The repository has more than {MOST_NOTEBOOKS} notebooks: take out other ones.")
                write_bytes(out / path, content)
    except FetchError as error:
        facts["problem"] = str(error)
    except OSError as error:
        facts["problem"] = f"The notebooks could not be written here ({error.strerror})."
    return facts


def _clone(address: str, server: str, repository: Path) -> None:
    """The newest commit, without large files where the server can leave them out, as GitHub and GitLab can."""
    settings = {
        "credential.helper": "",  # this machine's own are not asked
        f"credential.{server}.helper": HELPER if os.environ.get(TOKEN) else "",
        "fetch.unpackLimit": "1",  # one file comes, whose size is limited
    }
    options = ["--bare", "--depth=1", "--single-branch", "--no-tags", f"--filter=blob:limit={LARGEST + 1}"]
    command = ["clone", "--quiet", "--template=", *options, "--", address, str(repository)]
    try:
        _git(command, settings=settings)
    except FetchError as error:
        raise FetchError(f"The repository could not be fetched ({error}).") from None
    # What did not come stays away: git would fetch it as soon as it is asked for it.
    _git(["-C", str(repository), "remote", "remove", "origin"])


def _commit(repository: Path) -> str:
    try:
        return _git(["-C", str(repository), "rev-parse", "--verify", "--quiet", "HEAD"]).decode().strip()
    except FetchError:
        raise FetchError("The repository is empty: push a commit.") from None


def _notebooks(repository: Path) -> Iterator[tuple[PurePosixPath, bytes]]:
    """Path and content of each notebook in the newest commit, as far as it came; links are passed over."""
    for entry in _git(["-C", str(repository), "ls-tree", "-r", "-z", "HEAD"]).split(b"\0"):
        facts, _, name = entry.partition(b"\t")
        path = _safe(name.decode("utf-8", "replace"))
        if facts.startswith(b"100") and path.suffix.lower() == ".ipynb":
            content = _blob(repository, facts.split()[2].decode())
            if content is None:
                raise FetchError(f"{path.name} has more than {LARGEST / 1e6:.0f} MB: clear its outputs.")
            yield path, content


def _safe(name: str) -> PurePosixPath:
    """A path of a repository as one that leads nowhere else, without signs that an archive of CI would refuse."""
    parts = [re.sub(r"[^\w .+@()-]", "_", part) for part in name.split("/")]
    return PurePosixPath(*(part if part.strip(". ") else "_" for part in parts))


def _blob(repository: Path, name: str) -> bytes | None:
    """The content of a file in the repository; None if it is too large, or was left out for that reason."""
    try:
        size = int(_git(["-C", str(repository), "cat-file", "-s", name]))
        return _git(["-C", str(repository), "cat-file", "blob", name]) if size <= LARGEST else None
    except FetchError:
        return None


def _git(arguments: list[str], settings: dict[str, str] | None = None) -> bytes:
    """What git says; without this machine's settings, and with an end.

    Raises:
        FetchError: git failed, took too long or said too much; the message has why, in a few words.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    if settings is None:
        environment.pop(TOKEN, None)
    environment |= {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_TERMINAL_PROMPT": "0"}
    environment |= {"GIT_ALLOW_PROTOCOL": "https:http", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}
    environment["GIT_CONFIG_COUNT"] = str(len(settings or {}))
    for number, (name, value) in enumerate((settings or {}).items()):
        environment |= {f"GIT_CONFIG_KEY_{number}": name, f"GIT_CONFIG_VALUE_{number}": value}
    with (
        tempfile.TemporaryFile() as errors,
        subprocess.Popen(
            ["git", *arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            restore_signals=False,  # git is told of the limit on files by an error, and not ended by a signal
        ) as process,
    ):
        late = threading.Event()
        timer = threading.Timer(SECONDS, lambda: (late.set(), process.kill()))
        timer.start()
        try:
            said = process.stdout.read(MOST_LISTED + 1)
            if len(said) > MOST_LISTED:
                process.kill()
            code = process.wait()
        finally:
            timer.cancel()
        errors.seek(0)
        lines = errors.read(10_000).decode("utf-8", "replace").strip().splitlines()
    if late.is_set():
        raise FetchError(f"git took more than {SECONDS} seconds")
    if len(said) > MOST_LISTED:
        raise FetchError("The repository has too many files: take out what is not your work.")
    if code:
        if any("File too large" in line for line in lines):
            raise FetchError(f"its newest commit has more than {MOST_FETCHED / 1e6:.0f} MB: take large files out of it")
        raise FetchError(lines[0] if lines else f"git ended with code {code}")
    return said


def main(arguments: list[str]) -> int:
    """Fetch a class; return the exit code, 2 if the roster cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m autograder.intake.repositories", description=__doc__)
    parser.add_argument("--roster", type=Path, default=Path("roster.csv"))
    parser.add_argument("--server", required=True, help="as https://github.com")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    options = parser.parse_args(arguments)
    # The files of git are this process's children's, and have its limit.
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_FETCHED, MOST_FETCHED))
    try:
        found = fetch_class(read_roster(options.roster), options.server.rstrip("/"), options.out)
    except (ValueError, OSError) as error:
        print(f"repositories: {error}", file=sys.stderr)
        return 2
    for student, facts in found.items():
        print(f"{student}: {facts['problem'] or facts['repository'] + ' at ' + facts['commit']}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
