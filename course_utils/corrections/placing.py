"""Where released cells go that a student's notebook lacks: among the student's own, in the order of the release."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from nbformat import NotebookNode

from course_utils.corrections.matching import Matching
from course_utils.exercises import nbgrader_tag


def put_together(
    matching: Matching,
    standing: Sequence[Sequence[NotebookNode]],
    missing: Mapping[int, NotebookNode],
    new: Collection[int] = (),
) -> list[NotebookNode]:
    """The cells of a notebook: what stands at each place of the submission, and what it lacks between them.

    What is graded comes behind the student's own cells there, since the answer may be among them; the rest, as a helper
    that answers need, before them.

    Args:
        matching: which cells of the submission are released ones.
        standing: for each place of the submission the cells that are there now.
        missing: by its index in the release, each cell to put in.
        new: which of these the student never had. They come behind the student's own cells, whatever they are, since
            nothing that the student wrote depends on them; but before what they precede in the release.

    >>> from nbformat.v4 import new_markdown_cell, new_notebook
    >>> from course_utils.corrections.matching import match
    >>> from course_utils.corrections.placing import put_together
    >>> idea, mine, end = (new_markdown_cell(text, id=text) for text in ("idea", "mine", "end"))
    >>> matching = match(new_notebook(cells=[mine, end]), new_notebook(cells=[idea, end]))
    >>> [cell.source for cell in put_together(matching, [[mine], [end]], {0: idea}, new={0})]
    ['mine', 'idea', 'end']
    """
    together: dict[tuple[int, int], list[int]] = defaultdict(list)
    for index in sorted(missing):
        together[matching.gap(index)].append(index)
    inserted: dict[int, list[NotebookNode]] = defaultdict(list)
    for (before, behind), indices in together.items():
        graded = {index for index in indices if nbgrader_tag(matching.released[index]).get("grade")}
        first = {index for index in indices if index not in graded and index not in new}
        early = range(min(graded - {*new}, default=max(first, default=0)))
        first |= {index for index in new if index in early and index < max(first, default=0)}
        for index in indices:
            inserted[before + 1 if index in first else behind].append(missing[index])
    cells = inserted[0]
    for place, here in enumerate(standing):
        cells += [*here, *inserted[place + 1]]
    return cells


def in_order_of_release(matching: Matching) -> list[int]:
    """The places of the submission, so ordered that the released cells stand as in the release.

    Each of the student's own cells stays behind the released cell that it stood behind.

    >>> from nbformat.v4 import new_markdown_cell, new_notebook
    >>> from course_utils.corrections.matching import match
    >>> from course_utils.corrections.placing import in_order_of_release
    >>> cells = {name: new_markdown_cell(name, id=name) for name in ("a", "b", "mine")}
    >>> notebook = new_notebook(cells=[cells["b"], cells["mine"], cells["a"]])
    >>> in_order_of_release(match(notebook, new_notebook(cells=[cells["a"], cells["b"]])))
    [2, 0, 1]
    """
    index_at = {place: index for index, place in matching.places.items()}
    behind: dict[int, list[int]] = defaultdict(list)  # -1 is before every released cell
    last = -1
    for place in range(len(matching.submitted)):
        last = index_at.get(place, last)
        behind[last].append(place)
    return [place for index in sorted(behind) for place in behind[index]]
