"""A class graded on many machines, by `dask.distributed`.

- `cluster`: the coordinator's side: notebooks go out, results come back, whatever happens to a worker
- `members`: which workers of the cluster take part, and why not
- `archive`: the code and the units, which each worker gets once
- `messages`: what travels: a notebook with its limits, a result with the executed notebook
- `on_worker`: all that runs in a Dask worker; it knows nothing of ours
- `slot`: the process that a Dask worker starts for each notebook at a time, from the code that it got

Nothing else imports this room, or `distributed`, unless a cluster is asked for.
"""
