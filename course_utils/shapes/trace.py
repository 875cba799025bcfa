"""`trace_shapes`: every shape on the way through a model, and where it fails, why, and what would fix it."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import torch
from torch import nn

from course_utils.checks import forbiddable
from course_utils.model_copies import checked_shape
from course_utils.operations import OverBudget, tensors_in
from course_utils.shapes.calls import class_of
from course_utils.shapes.construction import BuildError, built, diagnose_construction
from course_utils.shapes.diagnosis import diagnose
from course_utils.shapes.fixes import Fix
from course_utils.shapes.formulas import Shape, arithmetic
from course_utils.shapes.forward_pass import ForwardPass, forward_pass, size_of
from course_utils.shapes.table import Failure, Row, Shapes, ShapeTable, title

FIXES_SHOWN = 2

# Numbers, about 200 MB of them: more than this is not computed on the CPU only to learn shapes.
LARGE = 50_000_000


@forbiddable
def trace_shapes(
    model: nn.Module | Callable[[], nn.Module], input_shape: Sequence[int], dtype: torch.dtype | None = None
) -> ShapeTable:
    """Table of the shapes on the way through `model`: layer, input, output, parameters and the arithmetic.

    A model that fails raises nothing: the table ends there, and its `failed` says at which layer, why (with the
    numbers), and which fixes have been tried and do work. ``raise table.failed.error`` gives PyTorch's own error.

    >>> from torch import nn
    >>> from course_utils.shapes import trace_shapes
    >>> trace_shapes(nn.Sequential(nn.Conv2d(1, 8, 5), nn.Flatten(), nn.Linear(100, 10)), (1, 1, 28, 28))
    layer  type     input           output          parameters  arithmetic
    -----  -------  --------------  --------------  ----------  ------------------------------------
    0      Conv2d   (1, 1, 28, 28)  (1, 8, 24, 24)         208  (28 + 2*0 - 1*(5-1) - 1)//1 + 1 = 24
    1      Flatten  (1, 8, 24, 24)  (1, 4608)                   8*24*24 = 4608
    2      Linear   (1, 4608)       fails here                  see below
    Shapes on the way: input (1, 1, 28, 28), no output, 1,218 parameters
    Stopped at `2` (Linear): Linear expects 100 features (in_features=100); Flatten gives 8*24*24 = 4608
    What helps (tried on a copy):
      - in_features=4608 in `2`: nn.Linear(4608, 10)

    Args:
        model: a module that takes one tensor. Traced as in evaluation mode; the caller's hooks do not run. A
            model that cannot even be built is given as its class, or as a function that builds it.
        input_shape: the shape with its batch dimension, for instance ``(1, 1, 28, 28)`` for (N, C, H, W).

        dtype: of the input, `torch.long` for a model that begins with an embedding; None for the floats of the model.

    Returns:
        The table. Functions are rows where they change a shape or join tensors; a ReLU called as `F.relu` is not. The
        parameters of all rows add up to those of the model, unless it fails.

    Raises:
        TypeError: `model` is no module, or `input_shape` not a sequence of whole numbers.
        ValueError: a size in `input_shape` is below 1, or the model cannot be copied.
    """
    shape = checked_shape(input_shape, example=(1, 1, 28, 28))
    if isinstance(model, torch.jit.ScriptModule):
        raise TypeError("model is a scripted module, which hides its layers; give the module that it was made from")
    if not isinstance(model, nn.Module):
        try:
            model = built(model)
        except BuildError as failure:
            kind, reason, fixes = diagnose_construction(failure.error)
            failed = Failure("", kind, (), reason, tuple(fixes[:FIXES_SHOWN]), failure.error)
            return ShapeTable(input=shape, rows=(), output=None, parameters=0, failed=failed)
    run = _run(model, shape, dtype=dtype)
    nothing = run.error is None and next(tensors_in(run.output), None) is None
    return ShapeTable(
        input=shape,
        rows=_rows(run),
        output=None if run.error else _shapes(run.output),
        parameters=run.parameters,
        failed=_failure(model, shape, run, dtype) if run.error else None,
        remark=f"The model returns no tensor, but a {type(run.output).__name__}." if nothing else "",
    )


def _run(
    model: nn.Module,
    shape: Shape,
    fix: Fix | None = None,
    patch_at: int = -1,
    *,
    dtype: torch.dtype | None = None,
    believe_failure: Callable[[], bool] = lambda: False,
) -> ForwardPass:
    """A forward pass on the CPU or, of a large model, on the meta device, which computes nothing.

    The meta device cannot do everything (branch on a value, say) and checks less: `nn.ConvTranspose2d` takes any
    number of channels there. So the CPU has the last word, except on a large model that the meta device accepts, or
    where its failure is to be believed. The first operation on the meta device takes more than a second, in which
    PyTorch imports its compiler.
    """
    with contextlib.suppress(OverBudget):
        return forward_pass(model, shape, "cpu", fix, patch_at, dtype=dtype, limit=LARGE)
    run = forward_pass(model, shape, "meta", fix, patch_at, dtype=dtype)
    if believe_failure() if run.error else run.values > LARGE:
        return run
    return forward_pass(model, shape, "cpu", fix, patch_at, dtype=dtype)


def _failure(model: nn.Module, shape: Shape, run: ForwardPass, dtype: torch.dtype | None) -> Failure:
    """Explain the failure of `run`, with the fixes that a trial has shown to work."""
    trouble = run.trouble
    reason, proposals = diagnose(trouble, run.calls, shape, run.error)
    agreed = functools.cache(lambda: len(forward_pass(model, shape, "meta", dtype=dtype).calls) == len(run.calls))
    whole: list[str] = []
    partly: list[str] = []
    for fix in proposals:
        if len(whole) == FIXES_SHOWN:
            break
        trial = _tried(model, shape, run, fix, fix.dtype or dtype, agreed)
        if trial is None:
            continue
        if trial.error is None:
            whole.append(fix.text)
            reason = fix.reason or reason
            if fix.only:
                break
        elif not fix.only and _is_further(trial, run):
            then = trial.trouble
            partly.append(f"{fix.text} (then {title(then.name, then.kind)} is the next to fail)")
    fixes = tuple((whole + partly)[:FIXES_SHOWN])
    return Failure(trouble.name, trouble.kind, _shapes(trouble.tensors), reason, fixes, run.error)


def _tried(
    model: nn.Module,
    shape: Shape,
    run: ForwardPass,
    fix: Fix,
    dtype: torch.dtype | None,
    believe_failure: Callable[[], bool],
) -> ForwardPass | None:
    """The forward pass of a mended copy; None where the fix cannot even be made."""
    patch_at = len(run.calls) if fix.patch_at is None else fix.patch_at
    try:
        return _run(model, fix.input_shape or shape, fix, patch_at, dtype=dtype, believe_failure=believe_failure)
    except Exception:
        return None


def _is_further(trial: ForwardPass, run: ForwardPass) -> bool:
    """Whether a trial that failed too came past the layer where `run` stopped."""
    was, now = run.trouble, trial.trouble
    wrapped = was.module is not None and now.module is not None and f"{now.name}.".startswith(f"{was.name}.")
    return len(trial.calls) > len(run.calls) and not wrapped


def _rows(run: ForwardPass) -> tuple[Row, ...]:
    """A row for each call that is shown, and then one for each module with parameters that none of them has."""
    counted: set[int] = set()

    def count(parameters: Iterable[nn.Parameter]) -> int:
        new = {id(p): p for p in parameters if id(p) not in counted}
        counted.update(new)
        return sum(map(size_of, new.values()))

    rows = []
    for call in (call for call in run.calls if call.shown):
        parameters = count(call.module.parameters()) if call.module is not None else 0
        rows.append(
            Row(call.name, call.kind, _shapes(call.tensors), _shapes(call.output), parameters, arithmetic(call))
        )
    if run.error is None:
        for name, module in run.model.named_modules():
            own = {key: p for key, p in module.named_parameters(recurse=False) if id(p) not in counted}
            if parameters := count(own.values()):
                text = f"its own, used by no layer above: {', '.join(own)}"
                rows.append(Row(name, class_of(module).__name__, None, None, parameters, text))
    return tuple(rows)


def _shapes(value: Any) -> Shapes:
    shapes = tuple(tuple(tensor.shape) for tensor in tensors_in(value))
    return shapes[0] if len(shapes) == 1 else shapes
