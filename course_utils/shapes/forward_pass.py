"""One forward pass of a copy of a model, written down call by call.

The model itself never runs, so no hook, mode, parameter, buffer or random generator of the caller's can change.
"""

from __future__ import annotations

import contextlib
import io
import random
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn.parameter import UninitializedTensorMixin
from torch.overrides import TorchFunctionMode

from course_utils.model_copies import working_copy
from course_utils.operations import Budget, tensors_in
from course_utils.shapes.calls import Call, is_of_torch, keeps_its_inside
from course_utils.shapes.fixes import Fix
from course_utils.shapes.formulas import Shape


@dataclass(frozen=True)
class ForwardPass:
    """The calls that came through, and the one that broke the pass.

    `model` is the copy that ran, `output` what it returned; `parameters` counts the model's, `values` the numbers in
    them and in all results on the way. `error` and `trouble` are the exception and the call that raised it, or None.
    """

    model: nn.Module
    calls: list[Call]
    output: Any
    parameters: int
    values: int
    error: Exception | None
    trouble: Call | None


def forward_pass(
    model: nn.Module,
    shape: Shape,
    device: str,
    fix: Fix | None = None,
    patch_at: int = -1,
    *,
    dtype: torch.dtype | None = None,
    limit: int | None = None,
) -> ForwardPass:
    """Run a copy of `model` in evaluation mode on a tensor of zeros.

    Args:
        model: left as it is.
        shape: of the input.
        device: "meta", where tensors have a shape and no values, or "cpu".
        fix: how to change the copy first.
        patch_at: which function call a patch of the fix changes: that after so many calls.
        dtype: of the input; None for that of the model's parameters.
        limit: how many numbers the model's parameters and all results on the way may have together; None for any.

    Raises:
        ValueError: the model cannot be copied.
        OverBudget: there would be more numbers than `limit`.
    """
    output = error = trouble = None
    budget = contextlib.nullcontext() if limit is None else Budget(limit - count_parameters(model))
    with undisturbed(), torch.device(device), contextlib.ExitStack() as bounded:
        copied = working_copy(model, device)
        bounded.enter_context(budget)
        if fix is not None and fix.edit is not None:
            fix.edit(copied)
        recorder = _Recorder(copied, fix.patch if fix is not None else None, patch_at)
        of_parameters = next((p.dtype for p in copied.parameters() if p.is_floating_point()), None)
        x = torch.zeros(shape, dtype=dtype or of_parameters)
        try:
            with torch.no_grad(), recorder:
                output = copied(x)
        except Exception as caught:
            error, trouble = caught, recorder.trouble(caught)
    parameters = count_parameters(copied)
    results = sum(x.numel() for call in recorder.calls for x in tensors_in(call.output))
    return ForwardPass(copied, recorder.calls, output, parameters, parameters + results, error, trouble)


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Give the random generators back as they were, and keep the model's prints and warnings quiet."""
    python, numpy = random.getstate(), np.random.get_state()
    try:
        with (
            torch.random.fork_rng(devices=[]),
            contextlib.redirect_stdout(io.StringIO()),
            warnings.catch_warnings(action="ignore"),
        ):
            yield
    finally:
        random.setstate(python)
        np.random.set_state(numpy)


def count_parameters(module: nn.Module) -> int:
    """Numbers in the module's parameters, each parameter once."""
    return sum(map(size_of, module.parameters()))


def size_of(parameter: nn.Parameter) -> int:
    """Numbers in a parameter; none while it is lazy and has no shape."""
    return 0 if isinstance(parameter, UninitializedTensorMixin) else parameter.numel()


class _Recorder(TorchFunctionMode):
    """Writes down the calls of layers and, between them, of functions.

    A layer is a module that keeps its inside for itself; see `keeps_its_inside`.
    """

    def __init__(self, model: nn.Module, patch: Callable[..., Any] | None, patch_at: int):
        super().__init__()
        self.calls: list[Call] = []
        self._model = model
        self._buffers = {id(buffer) for buffer in model.buffers()}
        self._patch, self._patch_at = patch, patch_at
        self._open: list[Call] = []
        self._broken: tuple[Exception, Call] | None = None
        inside: list[str] = []
        for name, module in model.named_modules():
            if any(name.startswith(f"{layer}.") for layer in inside):
                continue
            if self._is_layer(module):
                inside.append(name)
            module.register_forward_pre_hook(self._entering(name), prepend=True, with_kwargs=True)
            module.register_forward_hook(self._leaving, with_kwargs=True)

    def trouble(self, error: Exception) -> Call:
        """The call that raised `error`: a layer, a function, or else the module whose `forward` did."""
        innermost = self._open[-1] if self._open else Call("", module=self._model)
        if self._broken is not None and self._broken[0] is error and not is_of_torch(innermost.module):
            return self._broken[1]
        return innermost

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        here = self._open[-1] if self._open else Call("", module=self._model)
        if self._is_layer(here.module) and is_of_torch(here.module):
            return func(*args, **kwargs)
        call = Call(here.name, function=func, args=args, kwargs=kwargs)
        try:
            if self._patch is not None and len(self.calls) == self._patch_at:
                args, kwargs = self._patch(args, kwargs)
            call.output = func(*args, **kwargs)
        except Exception as error:
            self._broken = (error, call)
            raise
        call.shown = not self._is_layer(here.module) and self._changes_shape(call)
        self.calls.append(call)
        return call.output

    def _is_layer(self, module: nn.Module) -> bool:
        # A whole model without children, written with functions only, is no layer: its functions are the rows.
        return keeps_its_inside(module) and (module is not self._model or is_of_torch(module))

    def _changes_shape(self, call: Call) -> bool:
        inputs = {id(x): x for x in call.tensors if id(x) not in self._buffers}
        outputs = list(tensors_in(call.output))
        joins = len(inputs) > 1
        return bool(outputs) and any(joins or out.shape != x.shape for x in inputs.values() for out in outputs)

    def _entering(self, name: str) -> Callable[..., None]:
        def hook(module: nn.Module, args: Any, kwargs: Any) -> None:
            self._open.append(Call(name, module=module, args=args, kwargs=kwargs))

        return hook

    def _leaving(self, module: nn.Module, args: Any, kwargs: Any, output: Any) -> None:
        call = self._open.pop()
        while call.module is not module:  # a call whose error the model caught has not left by itself
            call = self._open.pop()
        if self._is_layer(module):
            call.output, call.shown = output, True
            self.calls.append(call)
