"""The only place where students' code runs.

- `sandbox`: a notebook in, an executed notebook out
- `outer_wall`: bubblewrap's wall, and whether this machine can make one
- `inside`: all that runs behind that wall
"""
