"""Syntax trees made in many threads: Python's own function fails there now and then, and a student would pay for it."""

from concurrent.futures import ThreadPoolExecutor

from autograder.course.parsing import parse

NESTED = "\n".join(f"x{i} = [[[[f(y + {i}) for y in z] for z in x] for x in w] for w in v]" for i in range(150))


def test_trees_are_made_in_eight_threads_at_once():
    with ThreadPoolExecutor(8) as pool:
        trees = list(pool.map(parse, [NESTED] * 200))
    assert {len(tree.body) for tree in trees} == {150}
