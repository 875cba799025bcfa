"""Without `requirements-cluster.txt` there is nothing to test here."""

import importlib.util

collect_ignore_glob = [] if importlib.util.find_spec("distributed") else ["test_*.py"]
