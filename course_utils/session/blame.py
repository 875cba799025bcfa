"""Which unwritten answer is behind an error; and which names a cell reads and makes."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from course_utils.exercises import STUB

MODULE = "<module>"  # how Python calls the code of a cell outside of functions


def stub_behind(error: BaseException) -> str | None:
    """Where the stub stands that an error comes from: a function such as ``CNN.forward``, `MODULE`, or None.

    An error that was raised while the stub's was handled comes from it too.

    >>> from course_utils.session.blame import stub_behind
    >>> def double(x):
    ...     raise NotImplementedError("this answer is not written yet")
    >>> try:
    ...     double(2)
    ... except NotImplementedError as error:
    ...     print(stub_behind(error))
    double
    """
    for link in _chain(error):
        if isinstance(link, NotImplementedError) and str(link) == STUB and link.__traceback__:
            return innermost(link)
    return None


def innermost(error: BaseException) -> str:
    """The function in which an error was raised, with its class if it has one."""
    trace = error.__traceback__
    while trace.tb_next:
        trace = trace.tb_next
    return trace.tb_frame.f_code.co_qualname


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: list[BaseException] = []
    while error is not None and error not in seen:
        yield error
        seen.append(error)
        error = error.__cause__ or error.__context__


def made(source: str) -> list[str]:
    """The names that a cell's code makes outside of functions and classes, in order.

    >>> from course_utils.session.blame import made
    >>> made("a, b = 1, 2\\ndef double(x):\\n    y = x\\n    return 2 * y")
    ['a', 'b', 'double']
    """
    names: list[str] = []
    nodes = _statements(source)
    while nodes:
        node = nodes.pop(0)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.append(node.name)
        elif isinstance(node, ast.alias):
            names.append(node.asname or node.name.partition(".")[0])
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.append(node.id)
        elif not isinstance(node, ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            nodes[:0] = ast.iter_child_nodes(node)
    return list(dict.fromkeys(names))


def read(source: str) -> list[str]:
    """The names that a cell's code reads anywhere.

    >>> from course_utils.session.blame import read
    >>> read("total = double(x)")
    ['double', 'x']
    """
    nodes = [node for statement in _statements(source) for node in ast.walk(statement)]
    names = [node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)]
    return list(dict.fromkeys(names))


def _statements(source: str) -> list[ast.AST]:
    try:
        return list(ast.parse(source).body)
    except SyntaxError:  # a cell with a magic, or a mistake
        return []
