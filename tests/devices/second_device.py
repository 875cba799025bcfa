"""A second device in pure Python: it computes on the CPU, and keeps its tensors apart as a GPU does.

    from tests.devices import second_device
    second_device.install()
    images = torch.zeros(4, 1, 28, 28, device="second")

A tensor of this device has a shape, strides and a type, and no memory; its values are those of a *hidden* CPU tensor,
which PyTorch does not see. Every operation that PyTorch has no way around runs in `_compute`: it looks whether all
tensors lie on the device, runs the same operation on the hidden tensors, and hides the results. A view has the hidden
view of the same memory, so that writing into it changes what it is a view of. The results are those of the CPU.

`without_float64()` makes of it a device that has no float64, as Apple's (MPS).

What it leans on is private, and may change with any version of PyTorch; `missing()` says what is not there:

- `torch.utils.backend_registration._setup_privateuseone_for_python_backend`, which lends a name to PyTorch's spare
  device, PrivateUse1, and `torch._C._acc.create_empty_tensor`, a tensor on it without memory;
- a storage keeps its Python attributes for as long as any tensor holds it;
- the CPU's `_reshape_alias` changes strides and looks at nothing else, whatever the device;
- `torch._C._has_storage` decides whether `copy.deepcopy` and `torch.save` copy values or memory;
- `torch._tensor_str.tensor_totype` turns values into float64 to print them, but not those of MPS.

What it does not do: random generators of its own (draws come from the CPU's), operations at the same time as the host's
(so that nothing is "not ready yet"), autocast, pinned memory, sparse tensors, more than one such device, and offsets of
views (`storage_offset()` is 0). A module's parameters are moved by exchanging tensors, which PyTorch refuses between
forward and backward. It cannot be uninstalled: use it in a process of its own.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor
from torch.utils import backend_registration

NAME = "second"
_setup = getattr(backend_registration, "_setup_privateuseone_for_python_backend", None)
_create = getattr(getattr(torch._C, "_acc", None), "create_empty_tensor", None)
_libraries = []  # what is registered holds for as long as these live


class _State:
    float64 = True
    operations = 0


def missing() -> str:
    """What this PyTorch lacks for the device; empty if nothing."""
    if _setup is None or _create is None:
        return f"PyTorch {torch.__version__} has no devices in Python (torch.utils.backend_registration); 2.14 has"
    return ""


def operations() -> int:
    """How many operations the device has computed so far."""
    return _State.operations


@contextmanager
def without_float64() -> Iterator[None]:
    """Inside, the device refuses float64 and complex128, as Apple's does."""
    _State.float64 = False
    try:
        yield
    finally:
        _State.float64 = True


def install() -> torch.device:
    """Make the device known to PyTorch, for good."""
    if not _libraries:
        _setup(NAME, backend_module=_Module())
        aten = torch.library.Library("aten", "IMPL")
        aten.impl("convolution_overrideable", _convolution, "PrivateUse1")
        aten.impl("convolution_backward_overrideable", _convolution_backward, "PrivateUse1")
        everything_else = torch.library.Library("_", "IMPL")
        everything_else.fallback(_compute, "PrivateUse1")
        _libraries.extend([aten, everything_else])
        torch.__future__.set_swap_module_params_on_conversion(True)  # an optimizer keeps its parameters, as on CUDA
        _copy_values_not_memory()
        _print_without_float64()
    return torch.device(NAME, 0)


class _Module:
    """`torch.second`, where PyTorch looks for what a device offers."""

    def is_available(self) -> bool:
        return True

    def is_initialized(self) -> bool:
        return True

    def device_count(self) -> int:
        return 1

    def current_device(self) -> int:
        return 0

    def manual_seed_all(self, seed: int) -> None:
        """It has no generator."""

    def _is_in_bad_fork(self) -> bool:
        return False


# Hidden tensors


def _is_here(value: object) -> bool:
    return isinstance(value, Tensor) and value.device.type == NAME


def _hidden(tensor: Tensor) -> Tensor:
    values = tensor.untyped_storage().hidden
    if tensor.shape == values.shape and tensor.stride() == values.stride():
        return values
    # PyTorch makes some views, as those of `reshape`, by itself: they share the storage and have another shape.
    return _strided(values, tensor.shape, tensor.stride())


def _strided(values: Tensor, shape: Sequence[int], strides: Sequence[int], offset: int | None = 0) -> Tensor:
    """The same memory with another shape and strides; the offset is counted from where the hidden tensor begins."""
    return values.as_strided(shape, strides, values.storage_offset() + (offset or 0))


def _hide(values: Tensor) -> Tensor:
    """A tensor of the device whose hidden tensor is `values`."""
    if not _State.float64 and values.dtype in (torch.float64, torch.complex128):
        kind = str(values.dtype).removeprefix("torch.")
        raise TypeError(
            f"Cannot convert a {NAME} Tensor to {kind} dtype as the {NAME} device doesn't support {kind}. "
            "Please use float32 instead."
        )
    tensor = _create(tuple(values.shape), values.dtype)
    tensor.untyped_storage().hidden = values
    if values.is_contiguous():
        return tensor
    cpu = torch._C.DispatchKeySet(torch._C.DispatchKey.CPU)
    return torch.ops.aten._reshape_alias.default.redispatch(cpu, tensor, values.shape, values.stride())


def _each(change: Callable[[Any], Any], value: Any) -> Any:
    """`value` with `change` made to it, or to each part of a list, tuple or dictionary."""
    if isinstance(value, (list, tuple)):
        return type(value)(_each(change, part) for part in value)
    if isinstance(value, dict):
        return {key: _each(change, part) for key, part in value.items()}
    return change(value)


# Operations


def _compute(operation: torch._ops.OpOverload, *args: Any, **kwargs: Any) -> Any:
    """Run an operation on the hidden tensors."""
    _State.operations += 1
    name = operation.name()
    if name.startswith("aten::_copy_from"):  # the only way from one device to the other
        return _copy(*args, resize="resize" in name)
    if name == "aten::as_strided":  # x[2] and x[1:]
        return _hide(_strided(_hidden(args[0]), *args[1:]))
    _demand_one_device(name, args, kwargs)
    given = {}  # the device's tensors with their hidden ones, by the identity of those

    def uncover(value: Any) -> Any:
        if _is_here(value):
            hidden = _hidden(value)
            given[id(hidden)] = value, hidden
            return hidden
        return torch.device("cpu") if isinstance(value, torch.device) else value

    results = operation(*_each(uncover, args), **_each(uncover, kwargs))
    for tensor, hidden in given.values():
        _follow_size(tensor, hidden)  # of a result that was given with out=

    def cover(value: Any) -> Any:
        if isinstance(value, Tensor):
            return given[id(value)][0] if id(value) in given else _hide(value)
        return value

    return _each(cover, results)


def _copy(source: Tensor, target: Tensor, non_blocking: bool = False, *, resize: bool) -> Tensor:
    values, place = (_hidden(tensor) if _is_here(tensor) else tensor for tensor in (source, target))
    if resize:
        place.resize_(values.shape)
    place.copy_(values)
    if _is_here(target):
        _follow_size(target, place)
    return target


def _follow_size(tensor: Tensor, values: Tensor) -> None:
    """Give a tensor the shape and strides that its hidden one has now."""
    if tensor.shape != values.shape or tensor.stride() != values.stride():
        tensor.data = _hide(values)


def _demand_one_device(name: str, args: tuple, kwargs: dict) -> None:
    """CUDA's rule: all tensors on the device, but for single numbers by themselves and the indices of x[indices].

    Raises:
        RuntimeError: a tensor lies elsewhere.
    """
    arguments = list(args) + list(kwargs.values())
    if name.startswith(("aten::index.", "aten::index_put", "aten::_index_put", "aten::_unsafe_index")):
        if not _is_here(args[0]):
            where = args[0].device
            raise RuntimeError(
                f"indices should be either on {where} or on the same device as the indexed tensor ({where})"
            )
        arguments = [args[0], *args[2:]]
    for argument in arguments:
        for tensor in argument if isinstance(argument, (list, tuple)) else [argument]:
            single_number = tensor is argument and isinstance(tensor, Tensor) and tensor.dim() == 0
            if isinstance(tensor, Tensor) and not _is_here(tensor) and not single_number:
                raise RuntimeError(
                    "Expected all tensors to be on the same device, but found at least two devices, "
                    f"{NAME}:0 and {tensor.device}! (in {name})"
                )


def _convolution(images: Tensor, weight: Tensor, bias: Tensor | None, *settings: Any) -> Tensor:
    for tensor, kind in ((weight, "weight"), (bias, "bias")):
        if tensor is not None and tensor.device != images.device:
            raise RuntimeError(f"Input type ({images.type()}) and {kind} type ({tensor.type()}) should be the same")
    return _compute(torch.ops.aten.convolution.default, images, weight, bias, *settings)


def _convolution_backward(gradient: Tensor, images: Tensor, weight: Tensor, *settings: Any) -> tuple:
    *settings, wanted = settings
    bias_size = [weight.shape[1] * settings[-1] if settings[3] else weight.shape[0]]  # settings[3]: transposed
    return _compute(torch.ops.aten.convolution_backward.default, gradient, images, weight, bias_size, *settings, wanted)


# Where PyTorch asks for the kind of device


def _copy_values_not_memory() -> None:
    """`copy.deepcopy` and `torch.save` are to take the values, as they do for devices without storages."""
    has_storage = torch._C._has_storage
    torch._C._has_storage = lambda tensor: has_storage(tensor) and not _is_here(tensor)


def _print_without_float64() -> None:
    to_double = torch._tensor_str.tensor_totype
    torch._tensor_str.tensor_totype = lambda tensor: (
        tensor.float() if _is_here(tensor) and not _State.float64 else to_double(tensor)
    )
