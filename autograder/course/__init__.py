"""The course as the autograder reads it.

- `units`: where its parts lie, the units, their source notebooks
- `exercises`: the exercises of a notebook, each with the cells that grade it
- `limits`: the computing time of cells that need more than others
- `cells`: what a cell is: a TODO cell, a graded cell, nbgrader's tag
"""
