"""A status and a comment at each student's commit, from what ``ci-class`` wrote.

    python -m autograder.reports.statuses results --forge github --api https://api.github.com

The token is read from ``CLASS_TOKEN``. What a commit says already is not said again. This needs Python and no package.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import HTTPRedirectHandler, Request, build_opener

TOKEN = "CLASS_TOKEN"
PAUSE = 1  # second after each request that writes, as GitHub asks for
MOST_WAIT = 120  # seconds that a server may ask us to wait
SECONDS = 30
MOST_SAID = 140  # characters of a status on GitHub


@dataclass(frozen=True)
class Forge:
    """How a kind of server is spoken to.

    Args:
        header: the name of the header with the token, and what stands before it.
        statuses, status, comment: addresses below that of the API: what a commit says, the newest first; where a status
            and where a comment is posted. ``{path}`` is the repository, ``{id}`` the same in one part.
        states: what `ci` calls a state -> what the server calls it.
        name, state, text: what the server calls a status's name and state, and a comment's text.
    """

    header: tuple[str, str]
    statuses: str
    status: str
    comment: str
    states: dict[str, str]
    name: str
    state: str
    text: str


FORGES = {
    # https://docs.github.com/en/rest/commits/statuses, https://docs.github.com/en/rest/commits/comments
    "github": Forge(
        header=("Authorization", "Bearer "),
        statuses="repos/{path}/commits/{commit}/statuses?per_page=100",
        status="repos/{path}/statuses/{commit}",
        comment="repos/{path}/commits/{commit}/comments",
        states={"enough": "success", "not enough": "failure", "unusable": "error", "not graded": "error"},
        name="context",
        state="state",
        text="body",
    ),
    # https://docs.gitlab.com/api/commits/
    "gitlab": Forge(
        header=("PRIVATE-TOKEN", ""),
        statuses="projects/{id}/repository/commits/{commit}/statuses?per_page=100",
        status="projects/{id}/statuses/{commit}",
        comment="projects/{id}/repository/commits/{commit}/comments",
        states={"enough": "success", "not enough": "failed", "unusable": "failed", "not graded": "failed"},
        name="name",
        state="status",
        text="note",
    ),
}


class PostError(ValueError):
    """The server did not take it; the message says why."""


class _NoRedirect(HTTPRedirectHandler):
    """A request carries the token, so it goes to no other address."""

    def redirect_request(self, *arguments: object) -> None:
        return None


def post_class(results: Path, forge: Forge, api: str, token: str) -> bool:
    """Post what came of each student's push; print a line for each.

    Args:
        results: what ``ci-class`` wrote.
        forge: the kind of server.
        api: the address of its API.
        token: may write statuses and comments.

    Returns:
        Whether everything was graded and could be posted.
    """
    complete = True
    for student, facts in json.loads((results / "class.json").read_text(encoding="utf-8")).items():
        try:
            said = _post(facts, results / student / "summary.md", forge, api, token)
        except PostError as error:
            complete, said = False, f"not posted: {error}"
        complete &= facts["state"] != "not graded"
        print(f"{student}: {facts['state']}: {said}")
    return complete


def _post(facts: dict, summary: Path, forge: Forge, api: str, token: str) -> str:
    if not facts["commit"]:
        raise PostError(facts["said"])

    def ask(place: str, fields: dict | None = None) -> object:
        where = place.format(path=quote(facts["repository"]), id=quote(facts["repository"], safe=""), **commit)
        return _ask(f"{api}/{where}", {forge.header[0]: forge.header[1] + token}, fields)

    commit = {"commit": facts["commit"]}
    name, state, said = f"course/{facts['unit']}", forge.states[facts["state"]], facts["said"][:MOST_SAID]
    last = next((entry for entry in ask(forge.statuses) if entry.get(forge.name) == name), {})
    if (last.get(forge.state), last.get("description")) == (state, said):
        return "said before"
    ask(forge.status, {"state": state, forge.name: name, "description": said})
    if summary.is_file():  # there is none where the grader failed
        ask(forge.comment, {forge.text: summary.read_text(encoding="utf-8")})
    return "posted"


def _ask(address: str, headers: dict[str, str], fields: dict | None, again: bool = True) -> object:
    """The server's answer to a GET, or to a POST of `fields`."""
    data = None if fields is None else json.dumps(fields).encode()
    headers = headers | {"Content-Type": "application/json", "User-Agent": "convnet-course"}
    try:
        with build_opener(_NoRedirect).open(Request(address, data, headers), timeout=SECONDS) as answer:
            said = json.load(answer)
    except HTTPError as error:
        wait = error.headers.get("Retry-After", "")
        if again and error.code in (403, 429) and wait.isdigit() and int(wait) <= MOST_WAIT:
            time.sleep(int(wait))
            return _ask(address, headers, fields, again=False)
        raise PostError(f"{address} answered {error.code} ({error.reason})") from None
    except (URLError, TimeoutError, ValueError) as error:
        raise PostError(f"{address} did not answer as expected ({getattr(error, 'reason', error)})") from None
    if data is not None:
        time.sleep(PAUSE)
    return said


def main(arguments: list[str]) -> int:
    """Post a class's results; return the exit code, 1 if something was not graded or posted, 2 for wrong usage."""
    parser = argparse.ArgumentParser(prog="python -m autograder.reports.statuses", description=__doc__)
    parser.add_argument("results", type=Path, metavar="RESULTS", help="what ci-class wrote")
    parser.add_argument("--forge", choices=sorted(FORGES), required=True)
    parser.add_argument("--api", required=True, help="as https://api.github.com or https://gitlab.com/api/v4")
    options = parser.parse_args(arguments)
    token = os.environ.get(TOKEN, "")
    if not token or not (options.results / "class.json").is_file():
        lacks = f"file {options.results / 'class.json'}" if token else f"token in {TOKEN}"
        print(f"statuses: there is no {lacks}", file=sys.stderr)
        return 2
    return 0 if post_class(options.results, FORGES[options.forge], options.api.rstrip("/"), token) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
