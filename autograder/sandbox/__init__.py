"""The only place where students' code runs.

- `sandbox`: a notebook in, an executed notebook out
- `from_the_box`: what comes out is not trusted
- `outer_wall`: bubblewrap's wall, and whether this machine can make one
- `inside`: all that runs behind that wall
"""
