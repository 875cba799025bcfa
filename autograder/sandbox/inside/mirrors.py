"""The side of the judge, for modules: mirrors of a student's modules, whose passes run where the modules are.

torch's own layers are rebuilt and run here; any other module is a `Mirror` of the same name, with the same layers,
parameters, buffers and attributes. What is no module, and no plain value, is `Opaque`. Nothing of the student's runs
here. A module of the test's own goes to the answer by its class, which must not hold what the test expects.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import cloudpickle
import torch
from torch import nn
from torch.autograd.function import once_differentiable
from torch.utils.hooks import RemovableHandle

from autograder.sandbox.inside.modules import (
    HOOKS,
    OWN,
    Modules,
    is_plain,
    own,
    parts_of,
    swap,
    torch_base,
    torch_layer,
    walk,
)
from autograder.sandbox.inside.wire import Handle, Kept, WireError


class Mirrors(Modules):
    """The modules of a judge that the answer's process knows.

    Args:
        call: does something over there: ``call(how, what, of, args, kwargs)``, where `how` is to call a "name", a
            "probe", a "method" of a thing, or a "thing" itself, to read an "attribute", or to make a "copy".
    """

    def __init__(self, call: Callable[[str, str, Any, tuple, dict], Any]) -> None:
        super().__init__(-1)
        self.call = call
        self._kinds: dict[tuple[str, str], type[Mirror]] = {}
        self._classes: dict[type[nn.Module], bytes] = {}

    def receive(self, value: Any) -> Any:
        """The value with the things that its handles stand for, and with `Opaque` ones for what stays over there."""
        return super().receive(swap(value, Kept, self._opaque))

    def kind(self, name: str, base: str) -> type[Mirror]:
        """The class of the mirrors of modules of this name.

        Raises:
            ValueError: there can be none.
        """
        if (name, base) not in self._kinds:
            if type(name) is not str or not name.isidentifier():
                raise ValueError("a class whose name is none")
            parts = {"_mirrors": self, "_name": name, "__module__": "__main__"}
            self._kinds[name, base] = type(name, (Mirror, torch_layer(base)), parts)
        return self._kinds[name, base]

    def weights(self, roots: Iterable[nn.Module]) -> dict[int, torch.Tensor]:
        """The parameters of these modules that want gradients, by their numbers."""
        found = {}
        for module in walk(roots):
            for weight in own(module)["_parameters"].values():
                if weight is not None and weight.requires_grad:
                    found[self.number(weight)] = weight
        return found

    def hooked(self, roots: Iterable[nn.Module], but: Any) -> list[int]:
        """The numbers of these modules, and of those within them, on which the judge has hooks, but for one."""
        return [self.number(module) for module in walk(roots) if module is not but and any(_hooks(module))]

    def fire(self, trace: dict[str, Any]) -> None:
        """Call the judge's hooks with what the modules over there got and gave.

        Raises:
            WireError: what came describes no calls.
        """
        try:
            tensors, calls, gone = trace["tensors"], [], [self.module(number) for number in trace["gone"]]
            for number, training, args, output in trace["calls"]:
                seen = swap([tuple(args), output], Handle, lambda handle: tensors[handle.number])
                calls.append((self.module(number), training is True, *seen))
        except (LookupError, TypeError, ValueError) as error:
            raise WireError("what came describes no calls of layers") from error
        for module, training, args, output in calls:
            now, own(module)["training"] = module.training, training  # as it was then
            before, after = _hooks(module)
            results = [hook(module, args) for hook in before] + [hook(module, args, output) for hook in after]
            own(module)["training"] = now
            if any(result is not None for result in results):
                raise TypeError("a hook of the test's changes what a layer gives, which is over there")
        for module in gone:
            for kind in HOOKS:
                own(module)[kind].clear()

    def _check(self, module: nn.Module) -> None:
        for name, value in own(module).items():
            if name not in OWN and not is_plain(value):
                kind = f"{type(module).__name__}.{name}, a {type(value).__name__}"
                raise TypeError(f"{kind}, cannot be given to an answer: only layers, numbers, texts and tensors can")

    def _keep(self, thing: Any) -> Handle:
        if not isinstance(thing, Opaque):
            raise TypeError(f"a {type(thing).__name__} of the test's cannot be given to an answer")
        return Handle(self.number(thing))

    def _opaque(self, kept: Kept) -> Handle:
        """The number of what stands here for something that stays over there."""
        if kept.number not in self._things:
            base = Function if kept.is_callable else Opaque
            self._add(kept.number, type(kept.kind, (base,), {"_mirrors": self})())
        return Handle(kept.number)

    def _describe(self, module: nn.Module) -> dict[str, Any]:
        node, kind = super()._describe(module), type(module)
        if not isinstance(module, Mirror) and torch_base(kind) is not kind:  # the test's own
            if kind not in self._classes:
                self._classes[kind] = cloudpickle.dumps(kind)
            node["class"] = self._classes[kind]
        return node

    def _kind(self, node: dict[str, Any]) -> type[nn.Module]:
        return torch_layer(node["base"]) if node["is_torch"] is True else self.kind(node["name"], node["base"])

    def _count_hooks(self, module: nn.Module) -> dict[str, int]:
        hooks = {kind: own(module)[kind].values() for kind in HOOKS}
        return {kind: sum(hook is _left_behind for hook in hooks[kind]) for kind in HOOKS}

    def _fill(self, module: nn.Module, node: dict[str, Any]) -> None:
        kind = self._kind(node)
        is_mine = not isinstance(module, Mirror) and torch_base(type(module)) is not type(module)
        if type(module) is not kind and not is_mine:  # a lazy layer is another one after its first pass
            module.__class__ = kind
        for name, value in node["settings"].items():
            # More than a value could act in place of a layer that runs here, or of a method of torch's.
            if not is_plain(value) and (not isinstance(module, Mirror) or hasattr(kind, name)):
                raise ValueError("a setting that is none")
        super()._fill(module, node)
        for name in HOOKS:
            hooks, count = own(module)[name], node["hooks"][name]
            if type(count) is not int or count > 1000:
                raise ValueError("a number of hooks that is none")
            for key in [key for key, hook in hooks.items() if hook is _left_behind]:
                del hooks[key]
            for _ in range(count):
                hooks[RemovableHandle(hooks).id] = _left_behind


class Opaque:
    """Something of the student's that stays over there: checks refuse it by its type, whose name it has."""

    _mirrors: Mirrors

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def __getattr__(self, name: str) -> Any:
        """What its attribute is, over there."""
        if name.startswith("_"):
            raise AttributeError(name)
        return type(self)._mirrors.call("attribute", name, self, (), {})


class Function(Opaque):
    """One that can be called, with copies of the arguments."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """What it gives for these arguments, over there."""
        return type(self)._mirrors.call("thing", "", self, args, kwargs)


class Mirror(nn.Module):
    """A module of the student's: its class has one like this, with the class's name and torch's base."""

    _mirrors: Mirrors
    _name: str  # of the class in the student's notebook

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        """A mirror of an instance that is made over there."""
        return cls._mirrors.call("name", cls._name, None, args, kwargs)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """What `__new__` gives is whole."""

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """What the student's module gives, over there."""
        return type(self)._mirrors.call("thing", "", self, args, kwargs)

    def __deepcopy__(self, memo: dict) -> Any:
        """A mirror of a copy that is made over there."""
        memo[id(self)] = type(self)._mirrors.call("copy", "", self, (), {})
        return memo[id(self)]

    def __getattr__(self, name: str) -> Any:
        """A parameter, a buffer or a layer, as in every module; else what the attribute is over there."""
        try:
            return super().__getattr__(name)
        except AttributeError:
            if name.startswith("_"):
                raise
        ask = type(self)._mirrors.call
        value = ask("attribute", name, self, (), {})
        if not isinstance(value, Function):
            return value
        # Of a method's results there are gradients of the module's weights too.
        return lambda *args, **kwargs: ask("method", name, self, args, kwargs)


def with_gradients(value: Any, inputs: list[torch.Tensor], backward: Callable[[tuple, bool], Any]) -> Any:
    """The value, its tensors connected to these inputs.

    `backward` turns the gradients of the ones into the others'; it is also told whether to keep the graph.
    """
    outputs = [tensor for tensor in parts_of(value, torch.Tensor) if tensor.requires_grad]
    if not outputs:
        return value
    connected = iter(_Backward.apply(backward, [output.detach() for output in outputs], *inputs))
    return swap(value, torch.Tensor, lambda tensor: next(connected) if tensor.requires_grad else tensor)


class _Backward(torch.autograd.Function):
    """Gives outputs that came from over there, and gets their gradients from there."""

    @staticmethod
    def forward(ctx: Any, backward: Callable, outputs: list[torch.Tensor], *inputs: torch.Tensor) -> tuple:
        ctx.ask, ctx.count = backward, len(inputs)
        ctx.set_materialize_grads(False)
        return tuple(outputs)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *gradients: torch.Tensor | None) -> tuple:
        found = ctx.ask(gradients, torch._C._autograd._get_current_graph_task_keep_graph())
        if type(found) is not list or len(found) != ctx.count:
            raise WireError("gradients that are none")
        return None, None, *found


def _hooks(module: nn.Module) -> tuple[list[Callable], list[Callable]]:
    """The judge's hooks on a module: before a pass, and after one."""
    kinds = (own(module)[kind].values() for kind in ("_forward_pre_hooks", "_forward_hooks"))
    before, after = ([hook for hook in hooks if hook is not _left_behind] for hooks in kinds)
    return before, after


def _left_behind(*given: Any) -> None:
    """Stands for a hook of the student's."""
