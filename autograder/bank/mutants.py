"""Mutants of the solutions: each exercise's code with one small change, which the graded cells must notice.

The mistakes of the answer bank are those that somebody thought of; these are mechanical (DeMillo, Lipton and Sayward
1978, "Hints on test data selection"). A mutant that no test can tell from the solution is listed with its reason in
``tests/answers/<unit>/equivalent-mutants.toml``:

    [[corr2d]]
    line = "for i in range(rows):"
    change = "range bound rows becomes rows + 1"
    reason = "..."

With ``change = "*"`` the line is a choice of the student's, such as the width of a network of their own: its mutants
are as right as it is, and are not run.
"""

from __future__ import annotations

import ast
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.bank.lists import read_list

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
EQUIVALENT = "equivalent-mutants.toml"
ANY = "*"  # in a list: every change of a line

_OPERATORS: dict[type, list[tuple[type, str]]] = {
    ast.Add: [(ast.Sub, "+ becomes -")],
    ast.Sub: [(ast.Add, "- becomes +")],
    ast.Mult: [(ast.Add, "* becomes +")],
    ast.Div: [(ast.Mult, "/ becomes *")],
    ast.FloorDiv: [(ast.Div, "// becomes /"), (ast.Mult, "// becomes *")],
    ast.Mod: [(ast.FloorDiv, "% becomes //")],
    ast.Pow: [(ast.Mult, "** becomes *")],
    ast.MatMult: [(ast.Mult, "@ becomes *")],
    ast.BitAnd: [(ast.BitOr, "& becomes |")],
    ast.BitOr: [(ast.BitAnd, "| becomes &")],
}
# The bound moved by one; the condition turned round is a change of its own.
_BOUNDS: dict[type, tuple[type, str]] = {
    ast.Lt: (ast.LtE, "< becomes <="),
    ast.LtE: (ast.Lt, "<= becomes <"),
    ast.Gt: (ast.GtE, "> becomes >="),
    ast.GtE: (ast.Gt, ">= becomes >"),
}
_OPPOSITE: dict[type, type] = {
    ast.Lt: ast.GtE,
    ast.LtE: ast.Gt,
    ast.Gt: ast.LtE,
    ast.GtE: ast.Lt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_DROPPED = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr, ast.Return, ast.Raise, ast.Delete, ast.Assert)
# What is no code of the answer: types, and the texts of messages.
_SKIPPED_FIELDS = {"annotation", "returns"}


@dataclass(frozen=True)
class Mutant:
    """One change: the line of the solution, what becomes of it, and the whole cell that results."""

    line: str
    change: str
    source: str

    @property
    def name(self) -> tuple[str, str]:
        """What the list of equivalent mutants knows it by."""
        return self.line, self.change


def mutate(source: str) -> list[Mutant]:
    """Every mutant of a TODO cell, in the order of the code.

    Changed are the lines between the solution's markers (all, if there are none) and the defaults of the functions
    around them. Docstrings, annotations and f-strings, which are messages, stay. A change that occurs again on a line
    of the same text is numbered.

    Raises:
        SyntaxError: the cell is not plain Python.
    """
    tree = ast.parse(source)
    lines = source.splitlines()
    answered = _answered_lines(lines)
    seen = {ast.unparse(tree)}
    times: Counter[tuple[str, str]] = Counter()
    found = []
    for place, is_default in _places(tree):
        node = place.node
        if not is_default and getattr(node, "lineno", 0) not in answered:
            continue
        for new, change in _changes(node, source):
            place.put(new)
            text = ast.unparse(ast.fix_missing_locations(tree))
            place.put(node)
            if text in seen:
                continue
            seen.add(text)
            line = lines[node.lineno - 1].strip()
            times[line, change] += 1
            number = times[line, change]
            found.append(Mutant(line, change if number == 1 else f"{change} ({number})", text))
    return found


def is_drawn(name: tuple[str, str], one_in: int) -> bool:
    """Whether a mutant is among the one in so many that are tried: by its name, so that it is the same every time."""
    return zlib.crc32("\n".join(name).encode()) % one_in == 0


def equivalents(folder: Path) -> dict[str, dict[tuple[str, str], str]]:
    """The listed mutants of a unit's bank: exercise -> (line, change) -> reason.

    Raises:
        ValueError: the list is not TOML, or an entry lacks its line, its change or its reason.
    """
    path = folder / EQUIVALENT
    listed: dict[str, dict[tuple[str, str], str]] = {}
    for exercise, entries in read_list(path).items():
        for entry in entries:
            missing = [key for key in ("line", "change", "reason") if not entry.get(key)]
            if missing:
                raise ValueError(f"{path}: an entry of [[{exercise}]] lacks {', '.join(missing)}: {entry}")
            listed.setdefault(exercise, {})[entry["line"], entry["change"]] = entry["reason"]
    return listed


@dataclass(frozen=True)
class _Place:
    """Where a node hangs in its tree."""

    parent: ast.AST
    name: str
    index: int | None
    node: ast.AST

    def put(self, node: ast.AST) -> None:
        """Hang another node here."""
        if self.index is None:
            setattr(self.parent, self.name, node)
        else:
            getattr(self.parent, self.name)[self.index] = node


def _places(parent: ast.AST, is_default: bool = False) -> Iterator[tuple[_Place, bool]]:
    """Every node below `parent` that may change, depth first, and whether it is part of a default."""
    for name, value in ast.iter_fields(parent):
        if name in _SKIPPED_FIELDS:
            continue
        within = is_default or name in ("defaults", "kw_defaults")
        for index, node in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(node, ast.AST) and not isinstance(node, ast.JoinedStr):
                yield _Place(parent, name, index, node), within
                yield from _places(node, within)


def _answered_lines(lines: list[str]) -> set[int]:
    """Numbers of the lines that the student writes."""
    inside, any_marker, answered = False, False, set()
    for number, line in enumerate(lines, start=1):
        if line.strip() in (BEGIN, END):
            inside, any_marker = line.strip() == BEGIN, True
        elif inside:
            answered.add(number)
    return answered if any_marker else set(range(1, len(lines) + 1))


def _changes(node: ast.AST, source: str) -> Iterator[tuple[ast.AST, str]]:
    """The node's mutants, each with what changed; texts are those of the source, whatever Python prints trees like."""

    def text(of: ast.AST) -> str:
        return " ".join((ast.get_source_segment(source, of) or "").split())

    match node:
        case ast.BinOp(left, operator, right):
            for new, change in _OPERATORS.get(type(operator), []):
                yield ast.BinOp(left, new(), right), f"{change} in {text(node)}"
        case ast.AugAssign(target, operator, value):
            yield ast.Assign([target], value), "the operator is left out"
            for new, change in _OPERATORS.get(type(operator), []):
                yield ast.AugAssign(target, new(), value), change.replace(" becomes ", "= becomes ") + "="
        case ast.Compare(left, [operator], right) if type(operator) in _BOUNDS:
            new, change = _BOUNDS[type(operator)]
            yield ast.Compare(left, [new()], right), f"{change} in {text(node)}"
        case ast.BoolOp(operator, values):
            other, change = (ast.Or, "and becomes or") if isinstance(operator, ast.And) else (ast.And, "or becomes and")
            yield ast.BoolOp(other(), values), f"{change} in {text(node)}"
        case ast.UnaryOp(ast.USub(), operand):
            yield operand, f"{text(node)} loses its minus"
        case ast.Constant(bool() as value):
            yield ast.Constant(not value), f"{value} becomes {not value}"
        case ast.Constant(int() | float() as value):
            for new in (value + 1, value - 1):
                # A negative number in brackets: -1 ** 2 is not (-1) ** 2.
                constant = ast.Constant(new) if new >= 0 else ast.UnaryOp(ast.USub(), ast.Constant(-new))
                yield constant, f"{value} becomes {new}"
        case ast.Call(function, arguments, keywords):
            yield from _swapped(node, text)
            if isinstance(function, ast.Name) and function.id == "range" and not keywords:
                yield from _other_ranges(function, arguments, text)
    match node:
        case ast.If(test) | ast.While(test) | ast.IfExp(test) | ast.Assert(test):
            yield _with(node, test=_negated(test)), f"condition turned round: {text(test)}"
        case ast.With(_, body):
            yield ast.If(ast.Constant(True), body, []), "with dropped, its body kept"
        case _ if isinstance(node, _DROPPED) and not _is_text(node):
            yield ast.Pass(), "dropped"


def _swapped(call: ast.Call, text: Callable[[ast.AST], str]) -> Iterator[tuple[ast.AST, str]]:
    for i, (first, second) in enumerate(zip(call.args, call.args[1:], strict=False)):
        if not isinstance(first, ast.Starred) and not isinstance(second, ast.Starred):
            arguments = [*call.args[:i], second, first, *call.args[i + 2 :]]
            yield _with(call, args=arguments), f"{text(first)} and {text(second)} swapped in {text(call.func)}(...)"


def _other_ranges(
    function: ast.Name, arguments: list[ast.expr], text: Callable[[ast.AST], str]
) -> Iterator[tuple[ast.AST, str]]:
    """A range with a bound moved by one; bounds that are plain numbers change as numbers do."""
    if len(arguments) == 1:
        yield ast.Call(function, [ast.Constant(1), *arguments], []), "the range begins at 1"
    stop = 0 if len(arguments) == 1 else 1
    for i in range(stop + 1):
        if not isinstance(arguments[i], ast.Constant):
            for operator, sign in ((ast.Add(), "+"), (ast.Sub(), "-")):
                moved = [*arguments]
                moved[i] = ast.BinOp(arguments[i], operator, ast.Constant(1))
                bound = text(arguments[i])
                yield ast.Call(function, moved, []), f"range bound {bound} becomes {bound} {sign} 1"


def _negated(test: ast.expr) -> ast.expr:
    match test:
        case ast.Compare(left, [operator], right) if type(operator) in _OPPOSITE:
            return ast.Compare(left, [_OPPOSITE[type(operator)]()], right)
        case ast.UnaryOp(ast.Not(), operand):
            return operand
    return ast.UnaryOp(ast.Not(), test)


def _with(node: ast.AST, **fields) -> ast.AST:
    """A copy of a node with some fields replaced."""
    return type(node)(**(dict(ast.iter_fields(node)) | fields))


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
