"""From the instructors' sources to what students get.

- `notebooks`: ``notebooks/`` from ``solutions/``
- `students_zip`: the zip of all that a student needs
"""
