"""A PostgreSQL server for tests: Debian's, or another that is installed, in a folder of its own, without a port."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg

OWNER, GUEST, PASSWORD = "grader", "guest", "s3cret/p@ss"
SECONDS = 30


def programs() -> Path | None:
    """The folder of `initdb` and `postgres`, which Debian keeps out of PATH; None where there is no server.

    Nor on Windows, where a server has no socket in a folder.
    """
    if not hasattr(os, "getuid"):
        return None
    found = [Path(name).resolve().parent for name in filter(None, [shutil.which("initdb"), shutil.which("postgres")])]
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in found if (folder / "initdb").exists() and (folder / "postgres").exists()), None)


class Server:
    """The server in a temporary folder; `OWNER` needs no password, `GUEST` the `PASSWORD`."""

    def __init__(self) -> None:
        # Not below pytest's folders: root's are closed to the user that the server runs as.
        self.folder = Path(tempfile.mkdtemp(prefix="pg-"))
        self._numbers = itertools.count()
        self._as_user: dict = {"cwd": self.folder}
        if os.getuid() == 0:  # PostgreSQL refuses to run as root
            import pwd

            names = {entry.pw_name: entry for entry in pwd.getpwall()}
            user = names.get("postgres") or names["nobody"]
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            self._as_user |= {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        make = [programs() / "initdb", "--pgdata=data", f"--username={OWNER}", "--auth=trust", "--no-sync"]
        make += ["--encoding=UTF8", "--locale=C"]
        subprocess.run(make, check=True, capture_output=True, **self._as_user)
        rules = f"local all {GUEST} scram-sha-256\nlocal all all trust\n"
        (self.folder / "data" / "pg_hba.conf").write_text(rules)
        self.start()
        self.run(f"CREATE ROLE {GUEST} LOGIN PASSWORD '{PASSWORD}'")

    def start(self) -> None:
        """Start, and wait until it answers."""
        command = [programs() / "postgres", "-D", "data", "-k", self.folder]
        for setting in ("listen_addresses=", "fsync=off", "unix_socket_permissions=0777"):
            command += ["-c", setting]
        log = (self.folder / "log").open("a")
        self._process = subprocess.Popen(command, stdout=log, stderr=log, **self._as_user)
        deadline = time.monotonic() + SECONDS
        while True:
            try:
                return self.run("SELECT 1")
            except psycopg.OperationalError:
                if time.monotonic() > deadline or self._process.poll() is not None:
                    raise RuntimeError((self.folder / "log").read_text()) from None
                time.sleep(0.1)

    def stop(self, how: int = signal.SIGINT) -> None:
        """Stop it: SIGINT ends all connections, SIGQUIT is a crash."""
        self._process.send_signal(how)
        self._process.wait(SECONDS)

    def remove(self) -> None:
        """Stop it, and remove all that it kept."""
        self.stop()
        shutil.rmtree(self.folder)

    def run(self, statement: str, database: str = "postgres") -> list[tuple]:
        """Run one statement as `OWNER`; return its rows."""
        where = {"host": str(self.folder), "user": OWNER, "dbname": database, "autocommit": True}
        with psycopg.connect(**where) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def new_database(self) -> str:
        """The address of a new, empty database, without a driver, as a person writes it."""
        name = f"course{next(self._numbers)}"
        self.run(f"CREATE DATABASE {name}")
        return f"postgresql://{OWNER}@/{name}?host={self.folder}"
