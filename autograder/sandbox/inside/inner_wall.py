"""The inner wall, made anew for each submission: own processes and scratch folder, no capabilities, limits on all.

What it does not stop is listed in docs/safety.md.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import resource
import struct
from pathlib import Path

# Limits of one submission.
MEMORY_BYTES = 2 * 2**30  # beyond what the warm worker holds
PROCESSES = 64
FILE_BYTES = 64 * 2**20
SCRATCH_BYTES = 256 * 2**20

# The only place where a submission can write; its own for each, and gone with it.
SCRATCH = Path("/scratch")

_CLONE_NEWNS, _CLONE_NEWIPC, _CLONE_NEWUSER, _CLONE_NEWPID = 0x00020000, 0x08000000, 0x10000000, 0x20000000
_MS_NOSUID, _MS_NODEV, _MS_REC, _MS_PRIVATE = 2, 4, 16384, 1 << 18
_PR_SET_NO_NEW_PRIVS, _PR_CAPBSET_DROP, _PR_SET_DUMPABLE, _PR_SET_SECCOMP = 38, 24, 4, 22
_SECCOMP_MODE_FILTER, _SECCOMP_ALLOW, _SECCOMP_ERRNO, _SECCOMP_KILL = 2, 0x7FFF0000, 0x00050000, 0x80000000
# Flags of clone(2) that make namespaces.
_CLONE_NEW_ANY = 0x7E020000

# System calls that no notebook needs, by machine: the number of its architecture, of clone, and the forbidden ones.
# They make namespaces and mounts, look into other processes, hold memory that no limit counts (memfd, System V), or
# are a large part of the kernel's attack surface. In this order: unshare, setns, mount, umount2, pivot_root, chroot,
# ptrace, process_vm_readv, process_vm_writev, memfd_create, shmget, add_key, request_key, keyctl, bpf,
# perf_event_open, userfaultfd, io_uring_setup, open_tree, move_mount, fsopen, fsmount.
_NUMBERS = {
    "x86_64": (
        0xC000003E,
        56,
        (272, 308, 165, 166, 155, 161, 101, 310, 311, 319, 29, 248, 249, 250, 321, 298, 323, 425, 428, 429, 430, 432),
    ),
    "aarch64": (
        0xC00000B7,
        220,
        (97, 268, 40, 39, 41, 51, 117, 270, 271, 279, 194, 217, 218, 219, 280, 241, 282, 425, 428, 429, 430, 432),
    ),
}
_CLONE3 = 435


def enter() -> None:
    """The inner wall, entered by a fresh fork before it runs anything of a student's; it cannot be left.

    The caller forks once more afterwards: its child is the first process of a new process namespace and takes
    everything with it when it ends. Then the child calls `confine`.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    uid, gid = os.getuid(), os.getgid()
    _demand(libc.unshare(_CLONE_NEWUSER | _CLONE_NEWPID | _CLONE_NEWNS | _CLONE_NEWIPC), "unshare")
    for name, content in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"), ("gid_map", f"{gid} {gid} 1")):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(content)
    _demand(libc.mount(None, b"/", None, _MS_REC | _MS_PRIVATE, None), "mount /")
    for target in (str(SCRATCH), "/dev/shm"):
        options = f"size={SCRATCH_BYTES},mode=0777".encode()
        _demand(libc.mount(b"tmpfs", target.encode(), b"tmpfs", _MS_NOSUID | _MS_NODEV, options), f"mount {target}")
    # Other processes' /proc would tell what the worker has seen; an empty one tells nothing.
    _demand(libc.mount(b"tmpfs", b"/proc", b"tmpfs", _MS_NOSUID | _MS_NODEV, b"size=4096,mode=0555"), "mount /proc")
    os.chdir(SCRATCH)


def confine(held: int) -> None:
    """Give up every capability and set the limits; called by the first process inside.

    `held` is the address space in bytes that the process has already, as `address_space` gave it outside.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    _demand(libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")
    for capability in range(64):
        if libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0) != 0:
            break  # beyond the kernel's last capability
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    _demand(libc.capset(header, (ctypes.c_uint32 * 6)()), "capset")
    # Gaining and losing capabilities hid the process's memory use from the worker, which watches it.
    _demand(libc.prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0), "dumpable")
    os.nice(3)  # the worker that watches comes first
    for limit, value in (
        (resource.RLIMIT_AS, held + MEMORY_BYTES),
        (resource.RLIMIT_NPROC, PROCESSES),
        (resource.RLIMIT_FSIZE, FILE_BYTES),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 256),
        (resource.RLIMIT_MSGQUEUE, 0),
    ):
        resource.setrlimit(limit, (value, value))
    _filter_system_calls(libc)


def _filter_system_calls(libc: ctypes.CDLL) -> None:
    """Have the kernel refuse the forbidden calls with EPERM (seccomp, mode filter); inherited by every fork."""
    if platform.machine() not in _NUMBERS:
        return
    architecture, clone, numbers = _NUMBERS[platform.machine()]
    load, equal, any_of, back = 0x20, 0x15, 0x45, 0x06
    refuse = (back, 0, 0, _SECCOMP_ERRNO | errno.EPERM)
    program = [
        (load, 0, 0, 4),
        (equal, 1, 0, architecture),
        (back, 0, 0, _SECCOMP_KILL),
        (load, 0, 0, 0),
        # The C library then falls back on clone, whose flags a filter can read.
        (equal, 0, 1, _CLONE3),
        (back, 0, 0, _SECCOMP_ERRNO | errno.ENOSYS),
    ]
    for number in numbers:
        program += [(equal, 0, 1, number), refuse]
    program += [(equal, 0, 3, clone), (load, 0, 0, 16), (any_of, 0, 1, _CLONE_NEW_ANY), refuse]
    if platform.machine() == "x86_64":
        # Numbers from this bit on are the x32 variants of the same calls.
        program += [(load, 0, 0, 0), (0x35, 0, 1, 0x40000000), refuse]
    program += [(back, 0, 0, _SECCOMP_ALLOW)]
    code = b"".join(struct.pack("=HBBI", *instruction) for instruction in program)
    filters = ctypes.create_string_buffer(code, len(code))
    header = ctypes.create_string_buffer(struct.pack("@HP", len(program), ctypes.addressof(filters)))
    _demand(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, header, 0, 0), "seccomp")


def address_space() -> int:
    """Bytes of address space of this process."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


def _demand(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
