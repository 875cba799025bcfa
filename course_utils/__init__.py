"""The small library that the notebooks of the course share, a room for each subject.

- `checks`: everything that judges an answer
- `shapes`: shapes on the way through a network, and why they do not fit
- `receptive_field`: what a unit of a network can see
- `training`: `fit`, and what it leans on
- `data`: the pictures of the course
- `plots`: figures that can be read on any page, and by anybody
- `progress`: what is done and what comes next, from saved notebooks
- `lab`: the command that opens the course
- `corrections`: how a corrected unit reaches a student who has begun
- `exercises`: which cells of a notebook belong to an exercise
- `files`: files that are written whole or not at all
- `model_copies`, `tables`: what several rooms need, not for notebooks
- `trials`, `live`, `checkpoints`: old names, for notebooks that were released with them

Import the part you need: ``from course_utils import shapes, checks, data``. Nothing is imported here, so that
a notebook pays only for what it uses.
"""
