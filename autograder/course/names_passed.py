"""Which of a notebook's names a cell gives to others, and which it takes from others; read as text, nothing is run.

Both lists err on the long side: what is not certain to be a cell's own counts as taken.
"""

from __future__ import annotations

import ast
import symtable
from collections.abc import Iterable
from dataclasses import dataclass, field

# A block under one of these ends early only if the cell does.
_PASSING_ERRORS = frozenset({"no_grad", "inference_mode", "enable_grad", "set_grad_enabled", "open", "prediction"})
# What goes through a generator at once. Another function may keep it, and later its names have other values.
_CONSUMERS = frozenset({"all", "any", "dict", "join", "list", "max", "min", "set", "sorted", "sum", "tuple"})


@dataclass
class Passed:
    """What one cell passes to others by the notebook's names.

    Attributes:
        gives: the names to which it gives a value, or which it deletes.
        values: those among them that it gives otherwise than by an import, a function or a class.
        takes: the names whose value it may have from another cell: at once, or in a function that is called later.
        on_call: the names that a function of this cell gives a value whenever some cell calls it.
        stars: whether it gives names that cannot be read here, as those of ``import *``.
    """

    gives: set[str] = field(default_factory=set)
    values: set[str] = field(default_factory=set)
    takes: set[str] = field(default_factory=set)
    on_call: set[str] = field(default_factory=set)
    stars: bool = False


def names_passed(tree: ast.Module) -> Passed:
    """Read a cell's syntax tree.

    >>> import ast
    >>> from autograder.course.names_passed import names_passed
    >>> names_passed(ast.parse("import torch; x = torch.zeros(size); y = x + 1")).takes
    {'size'}

    Raises:
        SyntaxError, ValueError: a function cannot be read by itself.
        RecursionError: the code is nested too deeply.
    """
    reader = _Reader(set())
    reader.block(tree.body)
    return reader.passed


class _Reader(ast.NodeVisitor):
    """Goes through the code of one scope in the order in which it runs.

    `own` are the names that have a value of this cell's at this place, whichever way the cell came here.
    """

    def __init__(self, own: set[str]) -> None:
        self.passed, self.own = Passed(), set(own)

    def block(self, nodes: Iterable[ast.AST]) -> None:
        for node in nodes:
            self.visit(node)

    def _branch(self, *nodes: ast.AST) -> set[str]:
        """Read what may or may not run; the names that are the cell's own at its end."""
        before, self.own = self.own, set(self.own)
        self.block(nodes)
        after, self.own = self.own, before
        return after

    def _inner(self, *nodes: ast.AST) -> None:
        """Read code that runs here, but has names of its own: a comprehension, the body of a class."""
        inside = _Reader(self.own)
        inside.block(nodes)
        self.passed.takes |= inside.passed.takes

    def _later(self, node: ast.AST) -> None:
        """Read what runs when it is called: then each name has its last value."""
        tables = symtable.symtable(ast.unparse(node), "<cell>", "exec").get_children()
        while tables:
            table = tables.pop()
            tables += table.get_children()
            in_class = table.get_type() == "class"
            for symbol in table.get_symbols():
                if symbol.is_referenced() and (in_class or symbol.is_global()):
                    self.passed.takes.add(symbol.get_name())

    def _give(self, name: str, is_value: bool = True) -> None:
        self.own.add(name)
        self._may_give({name}, is_value)

    def _may_give(self, names: Iterable[str], is_value: bool = True) -> None:
        """Some names get a value here, or only perhaps, so that they are not the cell's own behind this."""
        self.passed.gives.update(names)
        if is_value:
            self.passed.values.update(names)

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            self.passed.takes |= {node.id} - self.own
            return
        self._give(node.id)
        if isinstance(node.ctx, ast.Del):
            self.own.discard(node.id)

    def visit_Assign(self, node: ast.Assign) -> None:
        taken_apart = all(isinstance(target, ast.Tuple | ast.List) for target in node.targets)
        self._value(node.value, at_once=taken_apart)
        self.block(node.targets)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Name):
            self.passed.takes |= {node.target.id} - self.own
        self.block([node.value, node.target])

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self.visit(node.annotation)
        if node.value is not None:
            self.block([node.value, node.target])

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.visit(node.value)
        self._may_give({node.target.id})  # whether it runs may hang on what stands before it

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> None:
        for alias in node.names:
            if alias.name == "*":
                self.passed.stars = True
            else:
                self._give(alias.asname or alias.name.partition(".")[0], is_value=False)

    visit_ImportFrom = visit_Import

    def visit_If(self, node: ast.If) -> None:
        self.visit(node.test)
        self.own = self._branch(*node.body) & self._branch(*node.orelse)

    def visit_For(self, node: ast.For | ast.AsyncFor) -> None:
        self.visit(node.iter)
        self._branch(node.target, *node.body)
        self._branch(*node.orelse)

    visit_AsyncFor = visit_For

    def visit_While(self, node: ast.While) -> None:
        self.visit(node.test)
        self._branch(*node.body)
        self._branch(*node.orelse)

    def visit_With(self, node: ast.With | ast.AsyncWith) -> None:
        self.block(node.items)
        after = self._branch(*node.body)
        if all(_called(item.context_expr) in _PASSING_ERRORS for item in node.items):
            self.own = after

    visit_AsyncWith = visit_With

    def visit_Try(self, node: ast.Try) -> None:
        after = self._branch(*node.body, *node.orelse)
        self._branch(*node.finalbody)
        for handler in node.handlers:
            self._branch(*filter(None, [handler.type]), *_caught(handler), *handler.body)
            self.own.discard(handler.name or "")  # Python deletes it
        if all(isinstance(handler.body[-1], ast.Raise) for handler in node.handlers):
            self.own = after  # behind it, nothing was raised

    visit_TryStar = visit_Try

    def visit_Match(self, node: ast.Match) -> None:
        self.visit(node.subject)
        for case in node.cases:
            self._branch(case.pattern, *filter(None, [case.guard]), *case.body)

    def visit_MatchAs(self, node: ast.MatchAs | ast.MatchStar) -> None:
        self.generic_visit(node)
        if node.name:
            self._give(node.name)

    visit_MatchStar = visit_MatchAs

    def visit_MatchMapping(self, node: ast.MatchMapping) -> None:
        self.generic_visit(node)
        if node.rest:
            self._give(node.rest)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs, node.args.vararg, node.args.kwarg]
        annotations = [argument.annotation for argument in filter(None, arguments)]
        outside = [*node.decorator_list, *node.args.defaults, *node.args.kw_defaults, *annotations, node.returns]
        self.block(filter(None, outside))
        self._later(node)
        self._globals(node)
        self._give(node.name, is_value=False)

    visit_AsyncFunctionDef = visit_FunctionDef

    def _globals(self, node: ast.AST) -> None:
        for inside in ast.walk(node):
            if isinstance(inside, ast.Global):
                self._may_give(inside.names)
                self.passed.on_call.update(inside.names)
                self.passed.takes.update(inside.names)  # ``calls += 1`` is no use to `symtable`

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self.block(filter(None, [*node.args.defaults, *node.args.kw_defaults]))
        self._later(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self.block([*node.decorator_list, *node.bases, *node.keywords])
        self._inner(*node.body)
        self._globals(node)
        self._give(node.name, is_value=False)

    def visit_ListComp(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> None:
        made = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        parts = [part for one in node.generators for part in (one.iter, one.target, *one.ifs)]
        self._inner(*parts, *made)
        self._may_give(inside.target.id for inside in ast.walk(node) if isinstance(inside, ast.NamedExpr))

    visit_SetComp = visit_DictComp = visit_ListComp

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> None:
        self._later(node)
        self.visit_ListComp(node)

    def visit_Call(self, node: ast.Call) -> None:
        self.visit(node.func)
        for argument in [*node.args, *node.keywords]:
            self._value(argument, at_once=_called(node) in _CONSUMERS)

    def _value(self, node: ast.AST, at_once: bool) -> None:
        """Read an expression; `at_once` where what a generator gives is asked for here and now."""
        if at_once and isinstance(node, ast.GeneratorExp):
            self.visit_ListComp(node)
        else:
            self.visit(node)


def _caught(handler: ast.ExceptHandler) -> list[ast.expr]:
    """The name under which a handler has its error, as what is given a value."""
    return [ast.Name(handler.name, ast.Store())] if handler.name else []


def _called(node: ast.expr) -> str:
    """The last part of the name that is called: ``no_grad`` of ``torch.no_grad()``."""
    function = node.func if isinstance(node, ast.Call) else node
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
