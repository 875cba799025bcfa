"""The Validate button in a student's JupyterLab: nbgrader's, with an answer that reads as the notebook does.

nbgrader's validator cannot be configured. So this extension of the Jupyter server, which ``lab_config/`` switches on in
place of nbgrader's, loads that one and puts its own answer first.

- `handler`: what the button asks
- `__main__`: ``python -m course_utils.validate``, the same question for a workflow in a student's repository
- `answer`: which exercises are not written yet, and what each failed cell said
"""


def _jupyter_server_extension_points() -> list[dict]:
    return [{"module": __name__}]


def _load_jupyter_server_extension(app) -> None:
    from course_utils.validate.handler import load  # nbgrader is needed where the extension runs, nowhere else

    load(app)
