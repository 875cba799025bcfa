"""Memory in large pages, so that forks are cheap."""

from __future__ import annotations

import ctypes
from pathlib import Path

HUGE = 2 * 2**20  # bytes of a large page on x86_64, and on aarch64 with pages of 4 kB
_MADV_COLLAPSE = 25  # of linux/mman.h, since Linux 6.1; the module `mmap` has no name for it


def collapse() -> None:
    """Ask the kernel to put this process's private memory into large pages; without effect where it cannot.

    A fork copies an entry for each page, and its end removes them: for a process that has imported torch, an entry for
    2 MB in place of 4 kB makes both about twice as fast. A page that the fork writes to is still copied in 4 kB.
    """
    libc = ctypes.CDLL(None)
    libc.madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    for line in Path("/proc/self/maps").read_text().splitlines():
        addresses, rights, *rest = line.split(maxsplit=5)
        anonymous = len(rest) == 3 or rest[-1] == "[heap]"
        if anonymous and rights.startswith("rw"):
            first, last = (int(address, 16) for address in addresses.split("-"))
            for start in range(-(-first // HUGE) * HUGE, last // HUGE * HUGE, HUGE):
                libc.madvise(start, HUGE, _MADV_COLLAPSE)
