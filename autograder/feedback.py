"""What a student reads after grading: messages of failed cells, without the hidden tests."""

from __future__ import annotations

from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder import course


def failure_message(cell: NotebookNode) -> str:
    """Why a graded cell of an executed notebook scored nothing; empty if it passed."""
    for output in cell.outputs:
        if output.output_type == "error":
            text = "\n".join(output.get("traceback", [])) if not output.get("evalue") else output.evalue
            if output.ename == "CellTimeoutError":
                return "the cell ran out of time: is there an endless loop?"
            return text if output.ename == "CheckError" else f"{output.ename}: {text}"
        if output.output_type == "stream" and output.name == "stderr":
            return f"the cell wrote to the error stream: {output.text[:500]}"
    return ""


def timed_out(notebook: NotebookNode) -> bool:
    """Whether any cell of an executed notebook was stopped at its time limit."""
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    return any(output.output_type == "error" and output.ename == "CellTimeoutError" for output in outputs)


class HideTracebacks(NbGraderPreprocessor):
    """In graded cells, put the check's message in place of the traceback, which quotes the hidden tests' lines."""

    def preprocess_cell(self, cell: NotebookNode, resources: dict, cell_index: int) -> tuple[NotebookNode, dict]:
        """nbconvert calls this for every cell."""
        if course.is_autograded(cell) and (message := failure_message(cell)):
            for output in cell.outputs:
                if output.output_type == "error":
                    output.traceback = [message]
        return cell, resources
