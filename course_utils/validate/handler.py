"""What the Validate button asks of the server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
from jupyter_server.utils import url_path_join
from nbgrader.server_extensions.validate_assignment import handlers

from course_utils.validate.answer import in_words


class ValidateHandler(handlers.ValidateAssignmentHandler):
    """nbgrader's handler, whose list of failed cells is put in the course's words."""

    def validate_notebook(self, path: str) -> dict[str, Any]:
        """Run the notebook as nbgrader does; what the dialog shows."""
        answer = super().validate_notebook(path)
        if answer["success"] and "failed" in answer["value"]:
            notebook = nbformat.read(Path(self.root_dir) / path, as_version=4)
            answer["value"]["failed"] = in_words(notebook, answer["value"]["failed"])
        return answer


def load(app) -> None:
    """Add this handler to a server, and behind it nbgrader's own, of which the first that fits answers."""
    place = url_path_join(app.web_app.settings["base_url"], "/assignments/validate")
    app.web_app.add_handlers(".*$", [(place, ValidateHandler)])
    handlers.load_jupyter_server_extension(app)
