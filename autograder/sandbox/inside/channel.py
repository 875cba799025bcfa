"""The worker's sockets: to the host, and JSON lines, capped in size; and how a submission ends before its last cell."""

from __future__ import annotations

import json
import os
import socket
import stat
import struct
import sys

MAX_LINE = 16 * 2**20  # bytes of one cell's outputs, as JSON
GRACE_SECONDS = 2.0  # between the interrupt and the kill


class Channel:
    """JSON lines over a socket, capped in size; `sender` is who wrote last, as the kernel says."""

    def __init__(self, end: socket.socket):
        self.end, self.buffer, self.sender = end, b"", 0
        end.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)

    def fileno(self) -> int:
        """For `select`."""
        return self.end.fileno()

    def close(self) -> None:
        """Close this end."""
        self.end.close()

    def send(self, message: dict, seconds: float) -> None:
        """Send a message; the other side has so many seconds to take it."""
        self.end.settimeout(max(seconds, GRACE_SECONDS))
        try:
            self.end.sendall(json.dumps(message).encode() + b"\n")
        except TimeoutError:
            raise Stopped("timeout", "the process does not take its next cell", doubtful=True) from None
        except OSError:
            pass  # it is gone, as the next read will say

    def read(self) -> bool:
        """Read what is there; False at the end."""
        try:
            data, ancillary, _, _ = self.end.recvmsg(2**20, socket.CMSG_SPACE(12))
        except ConnectionResetError:
            return False
        for level, kind, content in ancillary:
            if level == socket.SOL_SOCKET and kind == socket.SCM_CREDENTIALS and data:
                self.sender = struct.unpack("3i", content[:12])[0]
        self.buffer += data
        if len(self.buffer) > MAX_LINE:
            raise Stopped("crashed", f"more than {MAX_LINE / 2**20:.0f} MB of output in one cell")
        return bool(data)

    def line(self) -> bytes | None:
        """The next whole line, if there is one."""
        if b"\n" not in self.buffer:
            return None
        line, _, self.buffer = self.buffer.partition(b"\n")
        return line


class Stopped(Exception):
    """A submission's end before its last cell; `doubtful` where a busy machine can have been the cause.

    `cell` is the index of the cell of the student's own that is to blame, where it is known; the reason then goes on
    from its name.
    """

    def __init__(self, status: str, reason: str, final: bool = False, doubtful: bool = False):
        super().__init__(reason)
        self.status, self.reason = status, reason
        self.doubtful = doubtful or status == "crashed"
        # Its snapshots are not asked: they lie, or a fork bomb goes off that only the end of the box puts out.
        self.final = final or status == "tampered"
        self.cell: int | None = None

    def blame(self, cell: int) -> None:
        """Name the cell that did it, unless the stop is final."""
        if not self.final:
            self.cell = cell
            if self.status == "crashed":
                self.reason = f"ended the notebook: {self.reason}"


def pair() -> tuple[Channel, socket.socket]:
    """A channel, and the other end of it for another process."""
    ours, theirs = socket.socketpair()
    return Channel(ours), theirs


def images_from_host() -> list[int]:
    """The descriptor that comes first on stdin, of the judging images; none where the host has no such file."""
    stdin = sys.stdin.fileno()
    if not stat.S_ISSOCK(os.fstat(stdin).st_mode):  # the host only wants to see why the worker does not start
        return []
    with socket.socket(fileno=os.dup(stdin)) as host:
        return socket.recv_fds(host, 1, 1)[1]


def tell(message: dict) -> None:
    """Tell the host."""
    print(json.dumps(message), flush=True)
