"""Which names the code of a notebook's cells uses, read as text: nothing is run.

A name is followed through imports, assignments, `getattr`, `import_module`, `vars` and `sys.modules`, as far as these
are given plain texts: after ``import scipy.signal as s; c = getattr(s, "correlate")`` the call ``c(x, k)`` uses
`scipy.signal.correlate`.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from autograder.course.parsing import parse

MOST = 300_000  # characters of a notebook's code; what comes after them is not read
DEEPEST = 100  # steps by which a name is followed
MOST_VALUES = 100  # of one name
# Magics that run the code which they are given.
_TIMED = r"(?:time|timeit|capture|prun)\b"
_NAMES = (ast.Attribute, ast.Name, ast.Call, ast.Subscript, ast.NamedExpr)
_CHANGERS = ("append", "extend", "insert", "add", "update", "setdefault", "__setitem__", "__setattr__")
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


@dataclass
class _Scope:
    """A function, or all cells outside of functions, with what is known of each name that it binds."""

    parent: _Scope | None = None
    known: dict[str, list[tuple[ast.expr | str, _Scope]]] = field(default_factory=dict)

    def bind(self, name: str, value: ast.expr | str | None, scope: _Scope) -> None:
        """A name has this value: an expression of that scope, a dotted name, or one that nobody follows."""
        self.known.setdefault(name, []).extend([(value, scope)] if value is not None else [])

    def find(self, name: str) -> list[tuple[ast.expr | str, _Scope]] | None:
        """What is known of a name here; None if nobody binds it."""
        scope: _Scope | None = self
        while scope is not None and name not in scope.known:
            scope = scope.parent
        return None if scope is None else scope.known[name]


@dataclass
class Cell:
    """What the code of one cell does with names.

    Attributes:
        names: each dotted name that it uses, with its line.
        sets: the notebook's names that it gives a value other than by an import, or that it changes something of.
        reads: the notebook's names that it uses.
        changes_modules: whether it sets an attribute of something imported.
        readable: False for code that is too long, too deep, or IPython's alone. A syntax error is read as nothing: it
            never runs.
    """

    names: list[tuple[str, int]] = field(default_factory=list)
    sets: set[str] = field(default_factory=set)
    reads: set[str] = field(default_factory=set)
    changes_modules: bool = False
    readable: bool = True


def read_cells(sources: list[str]) -> list[Cell]:
    """Read the cells of one notebook, in its order."""
    everywhere = _Scope()
    cells, walks = [], []
    left = MOST
    for source in sources:
        left -= len(source)
        tree = _parse(source) if left >= 0 else None
        cells.append(Cell(readable=tree is not None))
        walks.append(list(_walk(tree or ast.Module([], []), everywhere)))
    stars: list[str] = []
    for cell, nodes in zip(cells, walks, strict=True):
        for node, scope in nodes:
            _bind(node, scope, everywhere, cell, stars)
    for cell, nodes in zip(cells, walks, strict=True):
        _Reader(cell, everywhere, stars).read(nodes)
    return cells


def _parse(source: str) -> ast.Module | None:
    """The cell's syntax tree; None if Python or we cannot read what IPython may well run."""
    for text in (source, _without_magics(source)):
        try:
            return parse(text)
        except (SyntaxError, ValueError):
            continue
        except (RecursionError, MemoryError):
            return None
    has_magics = re.search(r"^\s*[%!?,;/]|=\s*[%!]", source, re.MULTILINE)
    return None if has_magics else ast.Module([], [])


def _without_magics(source: str) -> str:
    """The cell with IPython's own lines as Python: timed code as it is, the others as a name that tells which."""
    lines = source.splitlines()
    if lines and (magic := re.match(r"%%(\w+)", lines[0])):
        timed = re.match(rf"%%{_TIMED}", lines[0])
        return "\n".join(["pass", *lines[1:]]) if timed else f"get_ipython().cell_magic.{magic[1]}"
    return "\n".join(_without_magic(line) for line in lines)


def _without_magic(line: str) -> str:
    line = re.sub(rf"^(\s*)%{_TIMED}\s*", r"\1", line)
    if magic := re.match(r"(\s*)%(\w+)", line):
        return f"{magic[1]}get_ipython().line_magic.{magic[2]}"
    if command := re.match(r"(\s*)(?:\w+ *= *)?!", line):
        return f"{command[1]}get_ipython().system"
    if asked := re.match(r"(\s*)(?:\?|[\w.]+\?\??\s*$)", line):
        return f"{asked[1]}pass"
    return line


def _walk(tree: ast.AST, scope: _Scope) -> Iterator[tuple[ast.AST, _Scope]]:
    """Every node with its scope, from the outside in. Without recursion, since code may be deep."""
    stack = [(tree, scope)]
    while stack:
        node, scope = stack.pop()
        yield node, scope
        if isinstance(node, _FUNCTIONS):
            inside = _Scope(scope)
            body = node.body if isinstance(node.body, list) else [node.body]
            outside = [*getattr(node, "decorator_list", []), *node.args.defaults, *filter(None, node.args.kw_defaults)]
            arguments = [a for a in ast.walk(node.args) if isinstance(a, ast.arg)]
            stack += [(part, inside) for part in reversed([*arguments, *body])] + [(part, scope) for part in outside]
        else:
            stack += [(child, scope) for child in reversed(list(ast.iter_child_nodes(node)))]


def _bind(node: ast.AST, scope: _Scope, everywhere: _Scope, cell: Cell, stars: list[str]) -> None:
    """Note what a node gives a value."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            scope.bind(alias.asname or alias.name.partition(".")[0], _imported(alias), scope)
    elif isinstance(node, ast.ImportFrom):
        for alias in node.names:
            if alias.name == "*":
                stars.append(node.module or "")
            else:
                scope.bind(alias.asname or alias.name, f"{node.module}.{alias.name}", scope)
    elif isinstance(node, ast.arg):
        scope.bind(node.arg, None, scope)
    elif isinstance(node, ast.Global):
        for name in node.names:
            scope.known[name] = everywhere.known.setdefault(name, [])
            cell.sets.add(name)
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        _set(node.name, None, scope, everywhere, cell)
    elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        _set(node.id, None, scope, everywhere, cell)
    elif isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr):
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            if isinstance(target, ast.Name):
                _set(target.id, node.value, scope, everywhere, cell)


def _imported(alias: ast.alias) -> str:
    return alias.name if alias.asname else alias.name.partition(".")[0]


def _set(name: str, value: ast.expr | None, scope: _Scope, everywhere: _Scope, cell: Cell) -> None:
    scope.bind(name, value if isinstance(value, _NAMES) else None, scope)
    if scope is everywhere:
        cell.sets.add(name)


class _Reader:
    """Reads what one cell uses, when it is known what all cells bind."""

    def __init__(self, cell: Cell, everywhere: _Scope, stars: list[str]):
        self.cell, self.everywhere, self.stars = cell, everywhere, stars
        self.followed: dict[tuple[int, str], set[str]] = {}

    def read(self, nodes: list[tuple[ast.AST, _Scope]]) -> None:
        """Fill the cell in."""
        inner: set[int] = set()  # nodes that are a part of a name which was read as a whole
        for node, scope in nodes:
            if isinstance(node, ast.Name) and scope.find(node.id) is self.everywhere.known.get(node.id):
                self.cell.reads.add(node.id)
            if changed := _changed(node):
                self._change(changed, scope)
            is_read = isinstance(getattr(node, "ctx", ast.Load()), ast.Load)
            if id(node) not in inner and is_read and isinstance(node, _NAMES):
                for name in sorted(self._names(node, scope)):
                    self.cell.names.append((name, node.lineno))
                inner |= {id(part) for part in _chain(node)}

    def _change(self, node: ast.expr, scope: _Scope) -> None:
        while isinstance(node, ast.Attribute | ast.Subscript):
            node = node.value
        if isinstance(node, ast.Name):
            known = scope.find(node.id)
            self.cell.changes_modules |= any(isinstance(value, str) for value, _ in known or [])
            if known is self.everywhere.known.get(node.id):
                self.cell.sets.add(node.id)

    def _names(self, node: ast.expr, scope: _Scope) -> set[str]:
        """The dotted names that an expression stands for; of what cannot be followed, the attributes alone."""
        found = self._follow(node, scope)
        if isinstance(node, ast.Attribute) and not found:
            return {f"*.{part.attr}" for part in _chain(node) if isinstance(part, ast.Attribute)}
        if not isinstance(node, ast.Call | ast.Subscript):
            return found
        # A way to a name that is not written out: what it starts from is what can be said of it.
        return found or {f"{name}(...)" for name in self._computed(node, scope)}

    def _computed(self, node: ast.Call | ast.Subscript, scope: _Scope) -> set[str]:
        if isinstance(node, ast.Subscript):
            return {n for n in self._follow(node.value, scope) if n == "sys.modules" or n.endswith(".__dict__")}
        ways = self._follow(node.func, scope) & {"getattr", "setattr", "vars", "__import__", "importlib.import_module"}
        of_something = ways & {"getattr", "setattr", "vars"}
        if of_something and not (node.args and self._follow(node.args[0], scope)):
            return set()
        return ways

    def _follow(self, node: ast.expr | str, scope: _Scope, steps: int = 0) -> set[str]:
        """The dotted names that an expression can stand for."""
        if isinstance(node, str):
            return {node}
        if steps > DEEPEST:
            return set()
        parts = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        ends = "".join(f".{part}" for part in reversed(parts))
        return {f"{name}{ends}" for name in self._start(node, scope, steps + 1)}

    def _start(self, node: ast.expr, scope: _Scope, steps: int) -> set[str]:
        if isinstance(node, ast.Name):
            return self._of_name(node.id, scope, steps)
        if isinstance(node, ast.NamedExpr):
            return self._follow(node.value, scope, steps)
        if isinstance(node, ast.Call):
            return self._of_call(node, scope, steps)
        if isinstance(node, ast.Subscript) and (key := _text(node.slice)):
            of = self._follow(node.value, scope, steps)
            modules = {key} if "sys.modules" in of else set()
            return modules | {f"{n.removesuffix('.__dict__')}.{key}" for n in of if n.endswith(".__dict__")}
        return set()

    def _of_name(self, name: str, scope: _Scope, steps: int) -> set[str]:
        known = scope.find(name)
        if known is None:
            ours = hasattr(builtins, name) or name == "get_ipython"
            return {name} if ours else {name, *(f"{star}.{name}" for star in self.stars)}
        place = id(known), name
        if place not in self.followed:
            self.followed[place] = set()  # what goes round in a circle ends here
            values = [self._follow(value, where, steps) for value, where in known[:MOST_VALUES]]
            self.followed[place] = set(sorted(name for name in set().union(*values) if len(name) < 200)[:MOST_VALUES])
        return self.followed[place]

    def _of_call(self, node: ast.Call, scope: _Scope, steps: int) -> set[str]:
        function, first = self._follow(node.func, scope, steps), node.args[0] if node.args else None
        if function == {"get_ipython"}:
            return function
        if first is None or not function & {"getattr", "vars", "__import__", "importlib.import_module"}:
            return set()
        if "vars" in function:
            return {f"{name}.__dict__" for name in self._follow(first, scope, steps)}
        if "getattr" in function:
            key = _text(node.args[1]) if len(node.args) > 1 else ""
            return {f"{name}.{key}" for name in self._follow(first, scope, steps)} if key else set()
        key = _text(first)
        return {key.partition(".")[0] if "__import__" in function else key} if key else set()


def _changed(node: ast.AST) -> ast.expr | None:
    """The expression whose value a node changes: by an attribute, an item, or a method of lists and dicts."""
    if isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
        return node.value
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute) and node.func.attr in _CHANGERS:
            return node.func.value
        if isinstance(node.func, ast.Name) and node.func.id == "setattr" and node.args:
            return node.args[0]
    return None


def _chain(node: ast.expr) -> list[ast.expr]:
    """A node and what its name starts with: ``a.b.c`` is made of three."""
    chain = [node]
    while isinstance(chain[-1], ast.Attribute):
        chain.append(chain[-1].value)
    return chain[:-1] if not isinstance(chain[-1], ast.Name) else chain


def _text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
