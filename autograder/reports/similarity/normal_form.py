"""Code as a sequence of words in which only what a disguise does not change is left.

Gone are comments, formatting, docstrings, annotations, texts, imports, and the names that the code itself gives: of
variables, arguments, functions, classes, and of attributes that it sets. Left are its operations in their order,
numbers, and the names of what it uses, whatever it calls them when it imports them.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from IPython.core.inputtransformer2 import TransformerManager

Word = tuple[str, int]  # what it says, and its line in the code

MOST = 100_000  # characters of one cell; more is no answer, and reading it takes long
_OWN, _TEXT = "_", "text"  # what stands for every name that the code gives, and for every text
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_NO_WORD = (ast.Module, ast.Expr, ast.expr_context, ast.arguments)
_LEFT_OUT = {"annotation", "returns", "type_comment", "type_params", "kind", "simple"}


def parse(source: str) -> ast.Module:
    """The syntax tree of a notebook's cell, IPython's magics included; nothing is run.

    Raises:
        ValueError: it is no code that could be read; the message says why, in a few words.
    """
    if len(source) > MOST:
        raise ValueError(f"it has {len(source):,} characters")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python's, on a student's "\d"
            try:
                return ast.parse(source)
            except SyntaxError:
                return ast.parse(TransformerManager().transform_cell(source))
    except SyntaxError as error:
        raise ValueError(f"it does not parse: line {error.lineno}, {error.msg}") from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise ValueError(f"it does not parse: {type(error).__name__}") from None


def words_of(tree: ast.Module, imported: Mapping[str, str] = MappingProxyType({})) -> list[Word]:
    """The words of parsed code, in its order.

    Args:
        tree: what `parse` gives.
        imported: what names that the code uses stand for where other cells import them, as `imports_of` gives it.

    Raises:
        ValueError: it is nested too deep.

    >>> from autograder.reports.similarity.normal_form import parse, words_of
    >>> words_of(parse("total = 3  # a sum")), words_of(parse("s: int = 3"))
    ([('Assign', 1), ('_', 1), ('3', 1)], [('Assign', 1), ('_', 1), ('3', 1)])
    """
    try:
        return list(_Writer(tree, imported).write(tree, 1))
    except RecursionError:
        raise ValueError("it is nested too deep") from None


def imports_of(tree: ast.Module) -> dict[str, str]:
    """What each name that the code imports is called where it comes from: ``{"np": "numpy"}``."""
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    return {alias.asname or alias.name: alias.name.rpartition(".")[2] for node in nodes for alias in node.names}


class _Writer:
    """Knows which names the code gives."""

    def __init__(self, tree: ast.Module, imported: Mapping[str, str]):
        self.imported = {**imported, **imports_of(tree)}
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        for node in ast.walk(tree):
            self._note(node)

    def _note(self, node: ast.AST) -> None:
        match node:
            case ast.FunctionDef(name) | ast.AsyncFunctionDef(name) | ast.ClassDef(name) | ast.arg(name):
                self.names.add(name)
            case ast.Name(name, ast.Store() | ast.Del()) | ast.ExceptHandler(name=str(name)):
                self.names.add(name)
            case ast.Attribute(attr=name, ctx=ast.Store()):
                self.attributes.add(name)
        if isinstance(node, ast.ClassDef):
            self.attributes |= {part.name for part in node.body if isinstance(part, _DEFINITIONS)}

    def write(self, node: ast.AST, line: int) -> Iterator[Word]:
        """A node's word, then those of what it is made of."""
        line = getattr(node, "lineno", line)
        match node:
            case ast.Import() | ast.ImportFrom() | ast.Pass() | ast.AnnAssign(value=None):
                pass
            case ast.Expr(ast.Constant(str())):  # a docstring
                pass
            case ast.Name(name):
                yield (_OWN if name in self.names else self.imported.get(name, name)), line
            case ast.JoinedStr() | ast.Constant(str() | bytes()):
                yield _TEXT, line
            case ast.Constant(value):
                yield repr(value), line
            case ast.Attribute(value, name):
                yield from self.write(value, line)
                yield f".{_OWN if name in self.attributes else name}", line
            case ast.AnnAssign(target=target, value=value):
                yield "Assign", line
                yield from self._parts([target, value], line)
            case ast.Call(function, arguments, keywords):
                yield "Call", line
                yield from self._parts([function, *arguments], line)
                ours = isinstance(function, ast.Name) and function.id in self.names
                for keyword in keywords:
                    yield f"{_OWN if ours else keyword.arg}=", line
                    yield from self.write(keyword.value, line)
            case _:
                if not isinstance(node, _NO_WORD):
                    yield type(node).__name__, line
                parts = [value for name, value in ast.iter_fields(node) if name not in _LEFT_OUT]
                for value in parts:
                    yield from self._parts(value if isinstance(value, list) else [value], line)

    def _parts(self, parts: list, line: int) -> Iterator[Word]:
        for part in parts:
            if isinstance(part, ast.AST):
                yield from self.write(part, line)
