"""Library operations that an answer must not use, blocked while it is tested.

Twice: a mode of PyTorch sees the operations of the block's own thread as they are called, so it can name the one behind
`F.conv2d`; below Python, in every thread and under every mode, refusals stand in place of the operations' kernels.
"""

from __future__ import annotations

import contextlib
import pkgutil
import re
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode

from course_utils.checks.errors import CheckError
from course_utils.checks.forbidden_functions import (
    ELSEWHERE,
    code_replaced,
    elsewhere,
    nothing_loaded_from_elsewhere,
)
from course_utils.checks.probes import answers_are_elsewhere

# PyTorch 2.11 would say to the student, at the first block of a process, that a kernel was overridden.
warnings.filterwarnings("ignore", message="Warning only once for all operators")

# A namespace, an operation of it with its overload, and a key of the dispatcher.
_Kernel = tuple[str, str, str]

# What can be forbidden: public name -> (pattern of the names of the ATen operations behind it, what to do instead).
# The operation is what counts: it is the same however the function was imported or renamed.
_OPERATIONS = {
    "torch.conv2d": (
        "conv(?!ert)",
        "write the sliding sum yourself: slices, Tensor.unfold, einsum and matmul are allowed",
    ),
    "torch.max_pool2d": (
        "pool",
        "write the windows yourself: slices, Tensor.unfold, amax and mean are allowed",
    ),
    "torch.nn.functional.unfold": (
        "im2col",
        "build the columns yourself: slices, F.pad and Tensor.unfold are allowed",
    ),
    # Normalisation of a layer, a group or an instance does the work of a batch norm once the axes are arranged.
    "torch.nn.functional.batch_norm": (
        "(batch|layer|group|instance|rms)_norm",
        "write the normalisation yourself: mean, var, sqrt and broadcasting are allowed",
    ),
    "torch.nn.functional.dropout": (
        "dropout",
        "write the mask yourself: rand_like, bernoulli and comparisons are allowed",
    ),
}
_AUTOGRAD = "torch.autograd"
OPERATIONS = (*_OPERATIONS, _AUTOGRAD)  # what can be forbidden of PyTorch
_BACKWARD = "_backward$"

# The keys of the dispatcher under which values are computed. The others (autograd, autocast, vmap, ...) hand on to one
# of these; so do composed operations, but for those that do the work of their family without another of its operations.
_COMPOSED = "CompositeImplicitAutograd"
_SELF_CONTAINED = "max_pool1d|.*dropout_?|(_fused_)?rms_norm"
_KEYS = (
    _COMPOSED,
    "CompositeExplicitAutograd",
    "CompositeExplicitAutogradNonFunctional",
    "MkldnnCPU",
    "MPS",
    *(kind + "CPU" for kind in ("", "Quantized", "Sparse", "SparseCsr", "NestedTensor")),
    *(kind + "CUDA" for kind in ("", "Quantized", "Sparse", "SparseCsr", "NestedTensor")),
    "XPU",
)

# What `_kernels_of` has found. It is replaced, never changed: what puts this module's names back empties it too.
_found: dict[tuple[str, int], list[_Kernel]] = {}

# The blocks of `forbid` that are running now, the innermost last.
_active: list[forbid] = []


class forbid(contextlib.AbstractContextManager):  # lower case: it reads as a statement
    """Block library operations while a block runs, under whatever name they were imported.

    ``with forbid("torch.conv2d"): corr2d(x, kernel)`` raises if the block reaches any convolution of PyTorch,
    in one, two or three dimensions, also from a module, an alias bound beforehand, in inference mode, or in
    another thread: what a block names is blocked in the whole process.

    >>> import torch
    >>> from course_utils.checks import forbid
    >>> with forbid("torch.conv2d"):
    ...     torch.conv2d(torch.ones(1, 1, 5, 5), torch.ones(1, 1, 3, 3))  # doctest: +NORMALIZE_WHITESPACE
    Traceback (most recent call last):
        ...
    course_utils.checks.errors.CheckError: torch.conv2d and its relatives are blocked here
        (aten.convolution was called): write the sliding sum yourself:
        slices, Tensor.unfold, einsum and matmul are allowed

    Args:
        *names: ``"torch.conv2d"`` (every convolution), ``"torch.max_pool2d"`` (every pooling),
            ``"torch.nn.functional.unfold"``, ``"torch.nn.functional.batch_norm"`` (every normalisation by the library),
            ``"torch.nn.functional.dropout"``, ``"torch.autograd"`` (every backward pass, and operations that are one,
            as those behind `torch.nn.grad`, `torch.func`, and gradients in forward mode), or a function of course_utils
            marked `forbiddable`, as ``"course_utils.shapes.conv_output_size"``.

    Raises:
        CheckError: at the forbidden call; again at the end of the block if the call's error was swallowed, or came
            in another thread; at the end, too, if the block was lifted from inside.
        ValueError: for a name that cannot be forbidden.
    """

    def __init__(self, *names: str):
        self.names = names
        self.operations = [name for name in names if name in _OPERATIONS or name == _AUTOGRAD]
        self.functions = {name: _forbiddable_function(name) for name in names if name not in self.operations}
        self._mode = _Watch(self)
        self._entered: list[contextlib.ExitStack] = []
        self._caught = ""

    def refuse(self, message: str) -> None:
        """Raise `CheckError`, and remember it in case that the block swallows it."""
        self._caught = message
        raise CheckError(message)

    def refuse_at_end(self, message: str) -> None:
        """Have the end of the block raise `CheckError`."""
        self._caught = self._caught or message

    @contextlib.contextmanager
    def raised(self) -> Iterator[Callable[[], bool]]:
        """Put refusals in place of what is blocked, for all threads; the function tells whether they still stand."""
        if answers_are_elsewhere():  # there it is blocked: here the mode does
            yield lambda: True
            return
        stands = []
        with contextlib.ExitStack() as stack:
            stands.append(stack.enter_context(_kernels_replaced(self.operations)))
            for name, function in (self.functions | elsewhere(self.operations)).items():
                self.functions[name] = function
                stack.enter_context(code_replaced(name, function, _is_blocked))
            if _AUTOGRAD in self.operations:
                stands.append(stack.enter_context(_engine_stopped()))
            yield lambda: all(part() for part in stands)

    @contextlib.contextmanager
    def used(self, stands: Callable[[], bool]) -> Iterator[None]:
        """Run a block with the refusals that `raised` put there, and raise at its end what it swallowed."""
        self._caught = ""
        with nothing_loaded_from_elsewhere(self.operations, self.refuse_at_end), self._mode:
            _active.append(self)
            try:
                yield
            except BaseException as error:
                # TorchScript hands on any error as a RuntimeError of its own.
                if self._caught and "in the TorchScript interpreter" in str(error):
                    raise CheckError(self._caught) from error
                raise
            finally:
                _active.remove(self)
            if not stands():
                self.refuse_at_end(f"{', '.join(self.operations)}: somebody lifted the block while it ran")
        if self._caught:
            raise CheckError(self._caught)

    def __enter__(self) -> forbid:
        with contextlib.ExitStack() as stack:
            stands = stack.enter_context(self.raised())
            stack.enter_context(self.used(stands))
            self._entered.append(stack.pop_all())
        return self

    def __exit__(self, *error: Any) -> None:
        self._entered.pop().__exit__(*error)


def forbidden_now() -> list[str]:
    """The names that the blocks of `forbid` around this call block.

    >>> from course_utils.checks.forbidden import forbid, forbidden_now
    >>> with forbid("torch.conv2d"):
    ...     forbidden_now()
    ['torch.conv2d']
    """
    return [name for block in _active for name in block.names]


def _forbiddable_function(name: str) -> Callable[..., Any]:
    found = None
    if name.startswith("course_utils."):
        with contextlib.suppress(ImportError, AttributeError):
            found = pkgutil.resolve_name(name)
    if getattr(found, "forbiddable_name", None) is None:
        known = ", ".join(OPERATIONS)
        raise ValueError(f"cannot forbid {name!r}; known: {known}, or a function of course_utils marked forbiddable")
    return found


def _is_blocked(name: str) -> bool:
    return any(name in block.functions for block in _active)


def refuse_function(name: str) -> None:
    """Refuse a function for the innermost block that forbids it."""
    message = f"{name} is what you are asked to write here, so it cannot be used: compute it yourself"
    for operation, modules in ELSEWHERE.items():
        if name.rpartition(".")[0] in modules:
            message = _message(operation, name)
    for block in reversed(_active):
        if name in block.functions:
            block.refuse(message)
    raise CheckError(message)


def _message(name: str, called: str) -> str:
    if name == _AUTOGRAD:
        return "autograd is blocked here: compute the gradients with your own sums"
    return f"{name} and its relatives are blocked here ({called} was called): {_OPERATIONS[name][1]}"


class _Watch(TorchDispatchMode):
    """Sees every ATen operation of its thread just before it runs, and refuses the forbidden ones."""

    def __init__(self, block: forbid):
        super().__init__()
        self.block = block
        self.patterns = {name: _OPERATIONS[name][0] for name in block.operations if name in _OPERATIONS}
        self.no_backward = _AUTOGRAD in block.operations

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        # Nothing is compiled while a check runs. True, the default, imports the compiler: seconds at the first check.
        return False

    def __torch_dispatch__(self, func: Any, kinds: Any, args: Any = (), kwargs: Any = None) -> Any:
        operation = func.overloadpacket.__name__
        for name, pattern in self.patterns.items():
            if re.search(pattern, operation):
                self.block.refuse(_message(name, f"aten.{operation}"))
        # The id is -1 except while the autograd engine is running.
        running = torch._C._current_graph_task_id() != -1
        if self.no_backward and (running or re.search(_BACKWARD, operation)):
            self.block.refuse(_message(_AUTOGRAD, operation))
        return func(*args, **(kwargs or {}))


def _refusal(name: str, operation: str) -> Callable[..., Any]:
    """What stands in place of a forbidden operation's kernel: it refuses for the innermost block that forbids it."""
    message = _message(name, f"aten.{operation}")

    def refuse(*args: Any, **kwargs: Any) -> Any:
        for block in reversed(_active):
            if name in block.operations:
                block.refuse(message)
        raise CheckError(message)

    return refuse


def _kernels_of(name: str) -> list[_Kernel]:
    """All kernels of a family of operations, in every namespace. Loading a library, as torchvision does, adds some."""
    global _found
    known = name, len(torch.ops.loaded_libraries)
    if known not in _found:
        pattern = _BACKWARD if name == _AUTOGRAD else _OPERATIONS[name][0]
        kernels = []
        for key in _KEYS:
            for qualified in torch._C._dispatch_get_registrations_for_dispatch_key(key):
                namespace, _, operation = qualified.partition("::")
                base = operation.partition(".")[0]
                if re.search(pattern, base) and (key != _COMPOSED or re.fullmatch(_SELF_CONTAINED, base)):
                    kernels.append((namespace, operation, key))
        _found = {**_found, known: kernels}
    return _found[known]


@contextlib.contextmanager
def _kernels_replaced(operations: list[str]) -> Iterator[Callable[[], bool]]:
    """Put refusals in place of these operations' kernels, for all threads; the function tells whether they stand."""
    libraries: dict[str, torch.library.Library] = {}
    probes = []
    # An operation of two families is refused as one of that named first, and as a backward pass last: as in `_Watch`.
    order = sorted(operations, key=lambda name: name == _AUTOGRAD)
    kernels = {kernel: name for name in reversed(order) for kernel in _kernels_of(name)}
    # The dispatcher's own list tells who removed the refusals by hand: each of them stands there with this file.
    ours = f"registered at {_kernels_of.__code__.co_filename}:"
    try:
        for (namespace, operation, key), name in kernels.items():
            if namespace not in libraries:
                libraries[namespace] = torch.library.Library(namespace, "IMPL")
                probes.append(f"{namespace}::{operation}")
            refusal = _refusal(name, operation.partition(".")[0])
            libraries[namespace].impl(operation, refusal, key, allow_override=True)  # a block within a block
        yield lambda: all(ours in torch._C._dispatch_dump(probe) for probe in probes)
    finally:
        for library in libraries.values():
            library._destroy()


_refuse_backward = _refusal(_AUTOGRAD, "")


@contextlib.contextmanager
def _engine_stopped() -> Iterator[Callable[[], bool]]:
    """Refuse every run of the autograd engine, in all threads: it asks this in place of a compiler before it starts.

    The function tells whether it still does.
    """
    engine = torch._C._dynamo.compiled_autograd

    def stop() -> bool:
        return engine.set_autograd_compiler(_refuse_backward, False)[0] is _refuse_backward

    stop()
    try:
        yield stop
    finally:
        others = any(_AUTOGRAD in other.operations for other in _active)
        engine.set_autograd_compiler(_refuse_backward if others else None, False)
