"""The cluster on Kubernetes, for Dask's operator: ``python kubernetes.py IMAGE WORKERS | kubectl apply -f -``.

The image is that of the Containerfile. Then, where the scheduler's port is reached:

    kubectl port-forward service/grader-scheduler 8786 &
    .venv/bin/python -m autograder grade --scheduler tcp://127.0.0.1:8786
"""

from __future__ import annotations

import json
import sys

from dask_kubernetes.operator import make_cluster_spec

THREADS = 4  # notebooks that a worker runs at a time: a core and 2 GB each


def spec(image: str, workers: int) -> dict:
    """The resource of the operator."""
    resources = {"limits": {"cpu": str(THREADS), "memory": f"{2 * THREADS}Gi"}}
    made = make_cluster_spec(
        "grader",
        image=image,
        n_workers=workers,
        resources=resources,
        env={"OMP_NUM_THREADS": "1"},
        worker_command=f"dask-worker --nthreads {THREADS} --memory-limit 0",
    )
    (container,) = made["spec"]["worker"]["spec"]["containers"]
    # bubblewrap mounts /proc in namespaces of its own, which a container forbids unless it is privileged; the finer
    # settings are not in the operator's resource. Its processes are an ordinary user's all the same.
    container["securityContext"] = {"privileged": True, "runAsNonRoot": True, "runAsUser": 1000}
    return made


if __name__ == "__main__":
    print(json.dumps(spec(sys.argv[1], int(sys.argv[2])), indent=1))
