"""All that runs in the box, and nothing else: the box sees this folder of the autograder only.

- `worker`: the program in the box; `channel`: its lines to and from other processes
- `boxes`: the warm template, and the inner boxes that are forked from it
- `inner_wall`, `watch`: limits that the kernel keeps, and those that the worker looks after
- `interpreter`, `outputs`: a student's process, and what its cells give
- `snapshots`, `main_module`: what waits for a graded cell, and the module on which the cell runs
- `proxies`, `answering`, `wire`: the judge's side of an answer, the answer's own side, and what travels between them
- `mirrors`, `modules`: modules on the judge's side, and as plain data
- `aliases`: which tensors share their memory, which a copy would hide
- `huge_pages`: memory laid out so that forks are cheap

Nothing here imports anything of the host's side, nor nbgrader.
"""
