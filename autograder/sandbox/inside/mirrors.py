"""The side of the judge, for modules: mirrors of a student's modules, whose passes run where the modules are.

torch's own layers are rebuilt and run here; any other module is a `Mirror` of the same name, with the same layers,
parameters and buffers. Nothing of the student's runs here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import nn
from torch.autograd.function import once_differentiable

from autograder.sandbox.inside.modules import Modules, is_torch, own, parts_of, swap, torch_layer, walk
from autograder.sandbox.inside.wire import Handle, WireError


class Mirrors(Modules):
    """The modules of a judge that the answer's process knows.

    Args:
        call: calls, over there, what stands under a name ("name"), a module ("module"), or copies one ("copy").
    """

    def __init__(self, call: Callable[[str, str | int, tuple, dict], Any]) -> None:
        super().__init__(-1)
        self.call = call
        self._kinds: dict[tuple[str, str], type[Mirror]] = {}

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

    def hooked(self, roots: Iterable[nn.Module]) -> list[int]:
        """The numbers of these modules, and of those within them, on which the judge has hooks."""
        return [self.number(module) for module in walk(roots) if any(_hooks(module))]

    def fire(self, trace: dict[str, Any]) -> None:
        """Call the judge's hooks with what the modules over there got and gave.

        Raises:
            WireError: what came describes no calls.
        """
        try:
            tensors, calls = trace["tensors"], []
            for number, args, output in trace["calls"]:
                seen = swap([tuple(args), output], Handle, lambda handle: tensors[handle.number])
                calls.append((self.module(number), *seen))
        except (LookupError, TypeError, ValueError) as error:
            raise WireError("what came describes no calls of layers") from error
        for module, args, output in calls:
            before, after = _hooks(module)
            results = [hook(module, args) for hook in before] + [hook(module, args, output) for hook in after]
            if any(result is not None for result in results):
                raise TypeError("a hook of the test's changes what a layer gives, which is over there")

    def _check(self, module: nn.Module) -> None:
        if not is_torch(module):
            raise TypeError(f"{type(module).__name__} is the test's own: only torch's layers can be given to an answer")

    def _kind(self, node: dict[str, Any]) -> type[nn.Module]:
        return torch_layer(node["base"]) if node["is_torch"] is True else self.kind(node["name"], node["base"])

    def _count_hooks(self, module: nn.Module) -> int:
        hooks = own(module)["_forward_hooks"].values()
        return sum(hook is _left_behind for hook in hooks)

    def _fill(self, module: nn.Module, node: dict[str, Any]) -> None:
        kind = self._kind(node)
        if type(module) is not kind:  # a lazy layer is another one after its first pass
            module.__class__ = kind
        super()._fill(module, node)
        hooks = own(module)["_forward_hooks"]
        for key in [key for key, hook in hooks.items() if hook is _left_behind]:
            del hooks[key]
        if type(node["hooks"]) is not int or node["hooks"] > 1000:
            raise ValueError("a number of hooks that is none")
        for _ in range(node["hooks"]):
            nn.Module.register_forward_hook(module, _left_behind)


class Mirror(nn.Module):
    """A module of the student's: its class has one like this, with the class's name and torch's base."""

    _mirrors: Mirrors
    _name: str  # of the class in the student's notebook

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        """A mirror of an instance that is made over there."""
        return cls._mirrors.call("name", cls._name, args, kwargs)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """What `__new__` gives is whole."""

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """What the student's module gives, over there."""
        mirrors = type(self)._mirrors
        return mirrors.call("module", mirrors.number(self), args, kwargs)

    def __deepcopy__(self, memo: dict) -> Any:
        """A mirror of a copy that is made over there."""
        mirrors = type(self)._mirrors
        memo[id(self)] = mirrors.call("copy", mirrors.number(self), (), {})
        return memo[id(self)]


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
    after = [hook for hook in own(module)["_forward_hooks"].values() if hook is not _left_behind]
    return list(own(module)["_forward_pre_hooks"].values()), after


def _left_behind(module: nn.Module, args: Any, output: Any) -> None:
    """Stands for a hook of the student's."""
