"""Which names a cell gives and takes: small cells whose lists are written down by hand, and each form of Python's."""

import ast
import builtins
import dis
import textwrap

import pytest
from IPython.core.inputtransformer2 import TransformerManager

from autograder.course import units
from autograder.course.names_passed import names_passed


def read(code: str):
    return names_passed(ast.parse(textwrap.dedent(code)))


def takes(code: str) -> set[str]:
    return read(code).takes - set(dir(builtins))


@pytest.mark.parametrize(
    ("code", "given", "taken"),
    [
        ("x = 1", "x", ""),
        ("y = x", "y", "x"),
        ("x = x + 1", "x", "x"),
        ("x += 1", "x", "x"),
        ("x = 0; x += 1", "x", ""),
        ("x: int = y", "x", "y"),
        ("x: int", "", ""),
        ("a, (b, *c) = d", "a b c", "d"),
        ("x.y = 1; z[0] = 2", "", "x z"),
        ("del x", "x", ""),
        ("x = 1; del x; print(x)", "x", "x"),
        ("import a.b, c as d\nfrom e import f, g as h", "a d f h", ""),
        ("print(a := b, a)", "a", "a b"),  # where it stands tells nothing: `c and (a := b)`
        ("for i in n: print(i)", "i", "n"),
        ("for i in n: pass\nprint(i)", "i", "i n"),  # n may be empty
        ("while a: b = 1\nprint(b)", "b", "a b"),
        ("if a: b = 1\nelse: b = 2\nprint(b)", "b", "a"),
        ("if a: b = 1\nprint(b)", "b", "a b"),
        ("with open(p) as f: x = f\nprint(f, x)", "f x", "p"),
        ("with suppress(p) as f: x = f\nprint(x)", "f x", "p suppress x"),  # it may have ended before x
        ("try: x = f()\nexcept E as e: print(e)\nprint(x, e)", "e x", "E e f x"),
        ("try: x = f()\nexcept E as e: raise\nprint(x)", "e x", "E f"),
        ("try: x = f()\nfinally: g(x)\nprint(x)", "x", "f g x"),
        ("match a:\n case [b, *c]: print(b, c)\n case {'k': d, **e}: print(d, e)\nprint(b)", "b c d e", "a b"),
        ("print([i for i in n if i > j], i)", "", "i j n"),
        ("x = [i for i in n]; y = {x: z for k in x}", "x y", "n z"),
        ("print({(a := i) for i in n})", "a", "n"),
        ("x = 1; y = sum(x for _ in n)", "x y", "n"),
        ("x = 1; y = (x for _ in n)", "x y", "n x"),  # gone through later, when x may be another
        ("a, b = (x for x in n)", "a b", "n"),
        ("print(f'{x:{w}}')", "", "w x"),
    ],
)
def test_by_hand(code, given, taken):
    assert read(code).gives == set(given.split())
    assert takes(code) == set(taken.split())


def test_a_function_takes_what_is_there_when_it_is_called():
    code = """
        scale = 2

        @decorate
        def f(x: Kind = start, *rest) -> Out:
            global kept
            import math
            y = x * scale
            kept = math.floor(y)

            def inner(z):
                nonlocal y
                y = z + offset
                return [other for other in rest if other > least]
            return inner

        g = lambda a, b=begin: a + b + far
    """
    assert read(code).gives == {"scale", "f", "kept", "g"}
    assert read(code).on_call == {"kept"}
    assert takes(code) == {"decorate", "Kind", "start", "Out", "scale", "kept", "offset", "least", "begin", "far"}


def test_a_class_runs_at_once_and_its_methods_later():
    code = """
        size = 3

        class Net(Base, metaclass=Meta):
            width = size
            twice = 2 * width
            def forward(self, x):
                return self.width * size * x * width
    """
    assert read(code).gives == {"size", "Net"}
    assert takes(code) == {"Base", "Meta", "size", "width"}  # `width` in a method is the notebook's


def test_values_are_what_no_import_function_or_class_gives():
    passed = read("import a\ndef b(): pass\nclass C: pass\nd = 1\nfor e in d: pass\ntry: pass\nexcept E as f: pass")
    assert passed.gives == {"a", "b", "C", "d", "e", "f"}
    assert passed.values == {"d", "e", "f"}


def test_a_star_is_told():
    assert read("from math import *").stars
    assert not read("import math").stars


def inside(code):
    """The code objects of all functions within."""
    for part in code.co_consts:
        if hasattr(part, "co_code"):
            yield part
            yield from inside(part)


@pytest.mark.parametrize("unit", units.unit_names())
def test_what_python_gives_at_the_top_of_each_cell_is_told(unit):
    """Python's own compiler lists the names that a cell's code stores and loads there: none of those may be missing."""
    for cell in units.source_notebook(unit).cells:
        if cell.cell_type == "code":
            source = TransformerManager().transform_cell(cell.source)
            passed = names_passed(ast.parse(source))
            code = compile(source, "<cell>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
            steps = list(dis.get_instructions(code))
            assert {s.argval for s in steps if s.opname in ("STORE_NAME", "DELETE_NAME")} <= passed.gives, cell.id
            loads = {s.argval for s in steps if s.opname == "LOAD_NAME"}
            loads |= {s.argval for inner in inside(code) for s in dis.get_instructions(inner) if "GLOBAL" in s.opname}
            assert loads <= passed.takes | passed.gives, cell.id
