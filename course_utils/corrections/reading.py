"""A student's notebook, read as data: whatever an editor, a synchronisation or a stranger left in the file."""

from __future__ import annotations

import warnings

import nbformat
from nbformat import NotebookNode


def read_notebook(content: bytes) -> NotebookNode:
    """The notebook that these bytes of a file are, in nbformat's version 4.

    >>> from course_utils.corrections.reading import read_notebook
    >>> read_notebook(b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}').cells
    []

    Raises:
        ValueError: they are no notebook; the message says why, in at most 200 characters.
    """
    try:
        # utf-8-sig: some editors put a byte order mark before the text.
        notebook = nbformat.reads(content.decode("utf-8-sig"), as_version=4)
        nbformat.validate(notebook, relax_add_props=True)
        _clean(notebook)
    except Exception as error:  # whatever a stranger's file makes a parser raise
        raise ValueError(" ".join(str(error).split())[:200]) from error
    return notebook


def read_or_none(content: bytes) -> NotebookNode | None:
    """As `read_notebook`, without nbformat's warnings; None for what is no notebook.

    >>> from course_utils.corrections.reading import read_or_none
    >>> print(read_or_none(b"{"))
    None
    """
    with warnings.catch_warnings():
        # nbformat tells of missing and equal ids, which it mends.
        warnings.simplefilter("ignore")
        try:
            return read_notebook(content)
        except ValueError:
            return None


def _clean(notebook: NotebookNode) -> None:
    """Take out what is allowed in JSON but breaks those who read it later."""
    for cell in notebook.cells:
        # Half of a surrogate pair is no character and cannot be written as UTF-8.
        cell.source = cell.source.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        mark = cell.metadata.get("nbgrader")
        if not isinstance(mark, dict) or not isinstance(mark.get("grade_id"), str):
            cell.metadata.pop("nbgrader", None)
