"""What judges an answer, kept as it is before any student's code runs, and put back before a graded cell does."""

from __future__ import annotations

import builtins
import contextlib
import gc
import sys
import types
from typing import Any

# The modules that judge an answer: these, and all below them.
JUDGES = ("course_utils.checks",)


class Judges:
    """The names of builtins, torch and the course, and all code of the modules that judge an answer.

    Args:
        more: other modules and classes whose names are put back too.
    """

    def __init__(self, more: list[Any]) -> None:
        import torch

        # torch's compiler asks for it too: a number that changes with each change of a dictionary.
        from torch._C._dynamo.guards import dict_version

        import course_utils.checks  # noqa: F401 - so that it is there

        judges = [
            builtins,
            types,
            torch,
            torch.testing,
            torch.nn.functional,
            torch.Tensor,
            torch._C.TensorBase,
            torch.utils._python_dispatch,
            *more,
        ]
        judges += [module for name, module in sys.modules.items() if name.startswith("course_utils.")]
        checks = [module for name, module in sys.modules.items() if _is_at_or_below(name, JUDGES)]
        classes = [kind for module in checks for kind in _own(module, type)]
        judges += classes
        # Only the modules that judge, not all: each one touched is a page copied in every snapshot.
        self._modules = {name: module for name, module in sys.modules.items() if any(module is j for j in judges)}
        self._names = [(judge, _dictionary(judge), dict(vars(judge))) for judge in judges]
        self._version = dict_version
        self._versions = [dict_version(now) for _, now, _ in self._names]
        self._code = [
            (check, check.__code__, check.__defaults__, dict(check.__kwdefaults__ or {}))
            for owner in (*checks, *classes)
            for check in _functions(owner)
        ]

    def restore(self) -> None:
        """Put back what was replaced or deleted, and delete what was put in front of something."""
        sys.modules.update(self._modules)
        for (judge, now, before), version in zip(self._names, self._versions, strict=True):
            # A look at each name would copy the page of its value, too; hardly ever one has changed.
            if self._version(now) != version:
                _restore(judge, now, before)
        for check, *parts in self._code:
            check.__code__, check.__defaults__, check.__kwdefaults__ = parts


def _is_at_or_below(name: str, modules: tuple[str, ...]) -> bool:
    return any(f"{name}.".startswith(f"{module}.") for module in modules)


def _own(module: types.ModuleType, kind: type) -> list[Any]:
    """What a module defines itself, of one kind."""
    return [v for v in vars(module).values() if isinstance(v, kind) and v.__module__ == module.__name__]


def _functions(owner: Any) -> list[types.FunctionType]:
    """The functions of a module, or the methods of a class, also those that a decorator wraps."""
    found = []
    values = _own(owner, types.FunctionType) if isinstance(owner, types.ModuleType) else list(vars(owner).values())
    for value in values:
        if isinstance(value, property):
            values += [value.fget, value.fset, value.fdel]
        inner = getattr(value, "__wrapped__", None) or getattr(value, "__func__", None)
        if inner is not None:
            values.append(inner)
        if isinstance(value, types.FunctionType):
            found.append(value)
    return found


def _restore(judge: Any, now: dict, before: dict) -> None:
    for name, value in before.items():
        if now.get(name) is not value:
            with contextlib.suppress(AttributeError, TypeError):
                setattr(judge, name, value)
    hidden = dir(judge.__base__) if isinstance(judge, type) else dir(builtins)
    for name in (now.keys() - before.keys()) & set(hidden):
        delattr(judge, name)


def _dictionary(judge: Any) -> dict:
    """The dictionary of a module's or a class's names itself; `vars` gives a read-only view of a class's."""
    names = vars(judge)
    return names if isinstance(names, dict) else gc.get_referents(names)[0]
