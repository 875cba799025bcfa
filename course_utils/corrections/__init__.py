"""How a corrected unit reaches a student who has begun, and how the grader finds its cells in what was handed in.

- `reading`: a student's notebook, read as data
- `matching`: which cell of a student's notebook is which released cell
- `placing`: where released cells go that the notebook lacks
- `merging`: a student's notebook with today's release around what the student wrote
- `untouched`: whether a file is as it was given
- `sentences`: what a student is told of it
- `delivery`: today's ``notebooks/`` for ``work/``, file by file, with back-ups
"""
