"""What a runner does with a workflow: its steps as scripts, each job in a folder of its own.

Steps that install something are left out: what they install is here. Anything else that this does not know is an error.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
INSTALLS = ("pip install", "apt-get install", "sysctl")


class Runner:
    """Runs the jobs of one file.

    Args:
        checkout: the repository in which the file lies.
        scratch: gets the jobs' folders, what they keep, and their page.
        values: expressions of GitHub's and variables of GitLab's -> values; secrets among them.
        variables: what the service sets in every job.
    """

    def __init__(self, checkout: Path, scratch: Path, values: dict[str, str], variables: dict[str, str]):
        self.checkout, self.scratch, self.values = checkout, scratch, values
        self.page = scratch / "page.md"
        self.variables = variables | {"GITHUB_STEP_SUMMARY": str(self.page)}
        self.kept = scratch / "kept"
        self.log = ""
        self.environments: list[dict[str, str]] = []

    def github(self, workflow: Path) -> dict[str, int]:
        """The exit code of each job; the first step that fails ends its job and those that need it."""
        content = yaml.safe_load(workflow.read_text(encoding="utf-8"))
        assert content["defaults"]["run"]["shell"] == "bash"
        codes: dict[str, int] = {}
        for name, job in content["jobs"].items():
            if codes.get(job.get("needs"), 0):
                continue
            folder, codes[name] = self.scratch / name, 0
            for step in job["steps"]:
                action, given = step.get("uses", "").partition("@")[0], step.get("with", {})
                if action == "actions/checkout":
                    shutil.copytree(self.checkout, folder)
                elif action == "actions/upload-artifact":
                    shutil.copytree(folder / given["path"], self.kept / given["name"])
                elif action == "actions/download-artifact":
                    shutil.copytree(self.kept / given["name"], folder / given["path"])
                elif "run" in step:
                    variables = {key: self._value(value) for key, value in step.get("env", {}).items()}
                    codes[name] = self._script(step["run"], folder, variables)
                    if codes[name]:
                        break
                else:
                    assert action == "actions/setup-python"
        return codes

    def gitlab(self, pipeline: Path) -> dict[str, int]:
        """The same for a pipeline."""
        content = yaml.safe_load(pipeline.read_text(encoding="utf-8"))
        jobs = {name: job for name, job in content.items() if isinstance(job, dict) and "script" in job}
        set_here = {
            name: value if isinstance(value, str) else value["value"]
            for name, value in content.get("variables", {}).items()
        }
        codes: dict[str, int] = {}
        for name, job in jobs.items():
            needs = job.get("needs", [])
            if any(codes[other] for other in needs):
                continue
            folder = self.scratch / name
            shutil.copytree(self.checkout, folder)
            for other in needs:
                shutil.copytree(self.kept / other, folder, dirs_exist_ok=True)
            environment = job.get("environment", {}).get("name")
            secrets = {"CLASS_TOKEN"} if environment != "class" else set()
            variables = set_here | {key: value for key, value in self.values.items() if key not in secrets}
            lines = job.get("before_script", []) + job["script"]
            script = "\n".join(line for line in lines if not any(install in line for install in INSTALLS))
            codes[name] = self._script(script, folder, variables)
            for path in job["artifacts"]["paths"] if "artifacts" in job and not codes[name] else []:
                self.kept.mkdir(exist_ok=True)
                copy = shutil.copytree if (folder / path).is_dir() else shutil.copyfile
                (self.kept / name).mkdir(exist_ok=True)
                copy(folder / path, self.kept / name / path)
        return codes

    def _value(self, text: str) -> str:
        return re.sub(r"\$\{\{ *(.+?) *\}\}", lambda found: self.values[found[1]], text)

    def _script(self, script: str, folder: Path, variables: dict[str, str]) -> int:
        assert "${{" not in script, "what a stranger can choose would become code"
        if any(install in script for install in INSTALLS):
            return 0
        here = {
            "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
            "HOME": str(self.scratch),
            "OMP_NUM_THREADS": "1",
        }
        environment = here | self.variables | variables
        self.environments.append(environment)
        ran = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.log += ran.stdout
        return ran.returncode
