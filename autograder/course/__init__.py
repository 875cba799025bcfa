"""The course as the autograder reads it.

- `units`: where its parts lie, the units, their source notebooks
- `finder`: of which unit a notebook is, whatever its name
- `exercises`: the exercises of a notebook, each with the cells that grade it
- `answers`, `forbidden`: which answers graded cells ask for, and what they forbid
- `rubrics`: by what a person marks an answer in words
- `skipping`, `names_passed`: the demonstrations that need not run, since no answer takes a name from them
- `limits`: the computing time of cells that need more than others
- `addresses`: where its gradebook is
- `cells`: what a cell is: a TODO cell, a graded cell, nbgrader's tag
"""
