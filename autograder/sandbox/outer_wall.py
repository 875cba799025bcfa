"""The outer wall, made once for each worker, and whether this machine can make it.

bubblewrap gives the worker a file system with Python, `course_utils` and what runs inside, read only, and nothing else;
no network, no environment, no other process. What the walls do not stop is listed in docs/safety.md.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from autograder import ROOT
from autograder.sandbox.inside.inner_wall import SCRATCH

# Figures appear as in a notebook.
BACKEND = "module://matplotlib_inline.backend_inline"


def problem() -> str:
    """Why this machine cannot box students' code, in one sentence with the mend; empty if it can."""
    if not sys.platform.startswith("linux"):
        return f"the sandbox needs Linux's namespaces and this is {sys.platform}: grade in a Linux container or machine"
    if shutil.which("bwrap") is None:
        return (
            "bubblewrap is missing: `sudo apt install bubblewrap` (Debian, Ubuntu, GitHub runners) "
            "or `sudo dnf install bubblewrap` (Fedora)"
        )
    trial = subprocess.run([*command(), sys.executable, "-c", "pass"], capture_output=True, text=True)
    if trial.returncode != 0:
        said = (trial.stderr.strip().splitlines() or ["no message"])[-1]
        return (
            f"bubblewrap cannot make namespaces here ({said}): on Ubuntu 24.04 and GitHub runners run "
            "`sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0`, on Debian "
            "`sudo sysctl kernel.unprivileged_userns_clone=1`, in a container start it with "
            "`--security-opt seccomp=unconfined --security-opt apparmor=unconfined`"
        )
    return ""


def command() -> list[str]:
    """The outer wall: a bubblewrap command to which a program and its arguments are added."""
    system = [
        path for path in ("/usr", "/bin", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/alternatives", "/etc/fonts")
    ]
    python = {sys.prefix, sys.base_prefix, sysconfig.get_path("stdlib"), os.path.realpath(sys.executable)}
    # Of the autograder only this folder: the folders above it are empty there, which Python takes for packages.
    own = [str(ROOT / "course_utils"), str(ROOT / "autograder" / "sandbox" / "inside")]
    arguments = ["bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--clearenv"]
    # First, so that a Python that lies under /tmp can be laid over it.
    arguments += ["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--tmpfs", str(SCRATCH)]
    for path in [*system, *sorted(_outermost(python)), *own]:
        # A link, as /bin to usr/bin, stays a link.
        if os.path.islink(path) and path in system:
            arguments += ["--symlink", os.readlink(path), path]
        elif os.path.exists(path):
            arguments += ["--ro-bind", path, path]
    arguments += ["--cap-add", "CAP_SYS_ADMIN", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"] * (
        os.getuid() == 0
    )
    # What one submission could write outside its scratch folder, the next one would find.
    arguments += ["--remount-ro", "/tmp", "--remount-ro", "/"]
    for name, value in _environment().items():
        arguments += ["--setenv", name, value]
    return [*arguments, "--chdir", str(SCRATCH), "--"]


def _environment() -> dict[str, str]:
    return {
        "PATH": f"{sysconfig.get_path('scripts')}:/usr/bin:/bin",
        "HOME": str(SCRATCH),
        "USER": "student",  # PyTorch 2.11 asks who it is, and there is no list of users
        "TMPDIR": str(SCRATCH),
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(ROOT),
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        # A fork of a process with a thread pool hangs in its first parallel operation.
        "OMP_NUM_THREADS": "1",
        "OMP_THREAD_LIMIT": "1",
        "MPLBACKEND": BACKEND,
        "MPLCONFIGDIR": f"{SCRATCH}/matplotlib",
        # A fork after CUDA was touched cannot use it: grading is on the CPU.
        "CUDA_VISIBLE_DEVICES": "",
    }


def _outermost(paths: set[str]) -> set[str]:
    return {path for path in paths if not any(Path(other) in Path(path).parents for other in paths)}
