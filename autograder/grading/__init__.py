"""From ``submitted/`` to marks.

- `classes`: grade a class, side by side, and record it
- `submissions`: one submission, from what was handed in to its result
- `handed_in`: what lies in the folder, read as data
- `matching`, `repair`: find the released cells in it; put back whatever was done to the cells that grade it
- `results`, `messages`: what became of a submission, and what its author is told
- `finished`: what was executed already, so that an interrupted run goes on
- `gradebook`: the only writer of the gradebook
"""
