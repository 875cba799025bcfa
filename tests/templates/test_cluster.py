"""The files for real clusters: loaded and, as far as that goes here, run."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import jsonschema
import pytest
import yaml

from autograder import ROOT

pytestmark = pytest.mark.skipif(
    not importlib.util.find_spec("dask_jobqueue"), reason="requirements-cluster.txt is not installed"
)
FOLDER = ROOT / "templates" / "cluster"


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"template_{name}", FOLDER / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_slurm_gets_a_job_with_a_thread_for_each_core():
    with load("slurm").make_cluster() as cluster:
        script = cluster.job_script()
    assert {"#SBATCH -n 1", "#SBATCH --cpus-per-task=8", "#SBATCH -p normal"} <= set(script.splitlines())
    assert f"dask_worker {cluster.scheduler_address} " in script
    assert "--nthreads 8 " in script


def test_the_resource_is_what_the_operator_knows():
    import dask_kubernetes

    operator = Path(dask_kubernetes.__file__).parent / "operator" / "deployment" / "helm" / "dask-kubernetes-operator"
    definition = yaml.safe_load((operator / "crds" / "daskcluster.yaml").read_text())
    schema = definition["spec"]["versions"][0]["schema"]["openAPIV3Schema"]
    made = load("kubernetes").spec("registry.example/grader", 3)
    jsonschema.validate(made, schema)
    assert unknown(made["spec"], schema["properties"]["spec"]) == []
    worker = made["spec"]["worker"]
    (container,) = worker["spec"]["containers"]
    assert worker["replicas"] == 3
    assert "--nthreads 4" in " ".join(container["args"])
    container["hostUser"] = False
    assert unknown(made["spec"], schema["properties"]["spec"]) == ["worker.spec.containers.hostUser"]


def unknown(value: object, schema: dict, place: str = "") -> list[str]:
    """Fields that Kubernetes would drop without a word."""
    found = []
    if isinstance(value, dict) and "properties" in schema:
        for name, below in value.items():
            here = f"{place}.{name}".lstrip(".")
            known = schema["properties"].get(name)
            found += [here] if known is None else unknown(below, known, here)
    if isinstance(value, list):
        for entry in value:
            found += unknown(entry, schema.get("items", {}), place)
    return found


def test_the_image_has_what_a_worker_needs(tmp_path):
    lines = (FOLDER / "Containerfile").read_text().splitlines()
    copied = [name for line in lines if line.startswith("COPY") for name in line.split()[1:-1]]
    assert copied == ["requirements.txt", "requirements-cluster.txt"]
    for name in copied:
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    (version,) = re.findall(r"python:(3\.\d+)-slim", "\n".join(lines))
    assert f'"{version}"' in (ROOT / ".github" / "workflows" / "test.yml").read_text()
    # Its step on the requirements, on copies of them, and without the network: what is installed here has to be enough.
    (step,) = [line.removeprefix("RUN ") for line in lines if "pip install" in line]
    step = step.replace("/tmp/", f"{tmp_path}/").replace("python -m pip install", f"{sys.executable} -m pip install")
    step = step.replace("--no-cache-dir", "--no-cache-dir --dry-run --no-index")
    ran = subprocess.run(["bash", "-c", step], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    left = (tmp_path / "requirements.txt").read_text()
    assert "-e ." not in left
    assert "torch>=" in left
