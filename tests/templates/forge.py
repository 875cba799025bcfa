"""A server of repositories on this machine: git's own HTTP server behind a password, and the API for statuses."""

import base64
import json
import os
import subprocess
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

TOKEN = "token-7f3a9c"


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        if ".git/" in self.path:
            self._git()
        else:
            entries = [entry for place, entry in reversed(self.server.posted) if place == self._commit()]
            # Both kinds of server call a status's state otherwise where it is read.
            self._answer(200, [entry | {"status": entry.get("state")} for entry in entries])

    def do_POST(self):
        if ".git/" in self.path:
            self._git()
        elif TOKEN not in (self.headers.get("PRIVATE-TOKEN"), self.headers.get("Authorization", "")[len("Bearer ") :]):
            self._answer(401, {})
        else:
            fields = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self.server.paths.append(unquote(self.path))
            self.server.posted.append((self._commit(), fields))
            self._answer(201, {})

    def _commit(self):
        return next(part for part in urlsplit(self.path).path.split("/") if len(part) == 40)

    def _git(self):
        given = self.headers.get("Authorization", "")
        asked = base64.b64encode(f"x-access-token:{TOKEN}".encode()).decode()
        if given != f"Basic {asked}":
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="git"')
            self.end_headers()
            return
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        url = urlsplit(self.path)
        cgi = os.environ | {
            "GIT_PROJECT_ROOT": str(self.server.repositories),
            "GIT_HTTP_EXPORT_ALL": "1",
            "REQUEST_METHOD": self.command,
            "PATH_INFO": url.path,
            "QUERY_STRING": url.query,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "HTTP_GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
        }
        ran = subprocess.run(["git", "http-backend"], input=body, env=cgi, capture_output=True)
        head, _, content = ran.stdout.partition(b"\r\n\r\n")
        fields = dict(line.split(": ", 1) for line in head.decode().splitlines())
        self.send_response(int(fields.pop("Status", "200").split()[0]))
        for name, value in fields.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def _answer(self, code, content):
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(content).encode())

    def log_message(self, *arguments):
        pass


@contextmanager
def forge(repositories: Path):
    """A running server of the bare repositories below a folder.

    It has `address`, and what was posted: `posted`, pairs of commit and fields, and `paths`.
    """
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.repositories, server.posted, server.paths = repositories, [], []
    server.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def git(folder: Path, *arguments: str) -> str:
    """What git says in a folder."""
    who = ["-c", "user.name=ada", "-c", "user.email=ada@example.org", "-c", "init.defaultBranch=main"]
    return subprocess.run(["git", *who, "-C", folder, *arguments], check=True, capture_output=True, text=True).stdout


def push(folder: Path, repositories: Path, name: str) -> str:
    """Commit what lies in a folder, and make a bare repository ``name.git`` of it; the commit's name."""
    if not (folder / ".git").exists():
        git(folder, "init", "-q")
    git(folder, "add", "-A", "-f")
    git(folder, "commit", "-q", "--allow-empty", "-m", "my work")
    bare = repositories / f"{name}.git"
    git(folder, "clone", "-q", "--bare", str(folder), str(bare))
    git(bare, "config", "uploadpack.allowFilter", "true")  # as GitHub and GitLab allow it
    return git(folder, "rev-parse", "HEAD").strip()
