"""What runs in a notebook's session: answers that are not written yet, hints to open, and what is still open.

- `tables`, a folder with a file for each unit, and `table`, which reads them: the exercises and the cells of each
- `record`: what ran, and what it says of each exercise
- `blame`: the unwritten answer behind an error; the names that a cell reads and makes
- `messages`: the lines that stand in place of a traceback
- `follow`: the connection with the kernel
- `overview`: each exercise's state, as text
"""

from course_utils.session.follow import follow, whats_open

__all__ = ["follow", "whats_open"]
