"""Intake: from what a learning management system, git or nbgrader hands over to ``submitted/``.

- `sources`: a zip or a folder as files, each with its size and time, and what is not read from it
- `formats`: whose a file is, by its name in Moodle's, Canvas's or nbgrader's downloads
- `repositories`: a program of its own, which fetches the notebooks of the roster's repositories for a workflow
- `clones`: the notebooks in the clones that the roster names
- `students`: who in the roster is meant
- `arrivals`: which notebook of whom is taken, and what is refused
- `delivery`: `take_in`, which writes the chosen ones and prints each choice
"""
