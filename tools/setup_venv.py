"""Make the course's virtual environment: ``python3 tools/setup_venv.py VENV``. Needs Python alone.

Everything that can be missing is looked for first and said in one sentence with the mend.
"""

import importlib.util
import os
import shutil
import subprocess
import sys

OLDEST, NEWEST = (3, 11), (3, 13)
DISK_GB = 9  # the CUDA builds of torch and what they bring, while pip unpacks them


def missing(target: str) -> str:
    """What this machine lacks, in one sentence with the mend; empty if nothing."""
    have = sys.version_info[:2]
    if not OLDEST <= have <= NEWEST:
        return (
            f"this is Python {have[0]}.{have[1]} and the course needs 3.11, 3.12 or 3.13: install one and run "
            "`make PYTHON=python3.12 ...` with its name."
        )
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        return f"Python's venv is missing: on Debian or Ubuntu run `sudo apt install python{have[0]}.{have[1]}-venv`."
    free = shutil.disk_usage(os.path.dirname(os.path.abspath(target))).free / 1e9
    if free < DISK_GB:
        return f"{free:.1f} GB are free here and the set-up needs {DISK_GB} GB: free some space."
    return ""


def main(target: str) -> int:
    problem = missing(target)
    if problem:
        print(f"set-up: {problem}", file=sys.stderr)
        return 1
    print(f"set-up: making {target} with Python {sys.version.split()[0]} (about 2 minutes and 6 GB, once)", flush=True)
    # --clear: what an interrupted set-up left behind is not trusted.
    subprocess.run([sys.executable, "-m", "venv", "--clear", target], check=True)
    python = os.path.join(target, "Scripts" if os.name == "nt" else "bin", "python")
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", "requirements.txt"]
    if subprocess.run(install).returncode != 0:
        print(
            "set-up: pip could not install requirements.txt (its message stands above): check the network "
            "connection or the proxy, then run the same command again.",
            file=sys.stderr,
        )
        return 1
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python3 tools/setup_venv.py VENV")
    sys.exit(main(sys.argv[1]))
