"""Grade on SLURM. Fill in queue and account, then, where jobs are submitted from and in the course's folder:

    .venv/bin/python templates/cluster/slurm.py 4 02-shapes

asks for four jobs and grades unit 02 on them; what follows the number is given to ``python -m autograder grade``.
"""

from __future__ import annotations

import subprocess
import sys

from dask_jobqueue import SLURMCluster


def make_cluster() -> SLURMCluster:
    """A scheduler in this process; each job is a worker that runs eight notebooks at a time."""
    return SLURMCluster(
        queue="normal",
        account=None,
        cores=8,
        processes=1,
        memory="16GB",  # 2 GB for each notebook: its box takes as much at most
        walltime="08:00:00",
        # It ends by itself before its time is up: SLURM would kill it.
        worker_extra_args=["--lifetime", "470m", "--lifetime-stagger", "5m"],
        job_script_prologue=["command -v bwrap || echo 'bubblewrap is missing on this node' >&2"],
    )


if __name__ == "__main__":
    jobs, *arguments = sys.argv[1:]
    with make_cluster() as cluster:
        cluster.scale(jobs=int(jobs))
        command = [sys.executable, "-m", "autograder", "grade", "--scheduler", cluster.scheduler_address]
        sys.exit(subprocess.run([*command, *arguments]).returncode)
