"""Open the course: ``python -m course_utils.lab``.

Brings today's ``notebooks/`` into ``work/``, around what the student wrote there, and opens JupyterLab. nbgrader's
Validate button finds its settings in ``lab_config/``.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from course_utils.corrections.delivery import deliver

CONFIG = Path(__file__).parent / "lab_config"


def main(arguments: list[str]) -> int:
    """Bring today's notebooks, then run JupyterLab in ``work/``; `arguments` go to JupyterLab."""
    root = Path.cwd()
    try:
        sentences = deliver(root / "notebooks", root / "work", lambda: print("lab: waits for another one to start"))
    except OSError as error:
        print(f"lab: {error}", file=sys.stderr)
        return 2
    print(*sentences, sep="\n", end="\n" * bool(sentences))
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={root / 'work'}", *arguments]
    paths = filter(None, [str(CONFIG), os.environ.get("JUPYTER_CONFIG_PATH")])
    environment = os.environ | {"JUPYTER_CONFIG_PATH": os.pathsep.join(paths)}
    try:
        return subprocess.run(command, env=environment).returncode
    except KeyboardInterrupt:  # Ctrl-C is how JupyterLab is ended
        return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
