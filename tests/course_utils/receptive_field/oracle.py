"""What a unit really sees, measured with gradients and without any arithmetic of receptive fields.

A positive network cannot hide anything: if every weight is positive, every activation transparent and every
maximum an average, a pixel reaches a unit exactly where the gradient is not zero. Gradients are cut to 0 and 1
after each convolution, so that none is lost to rounding in a deep network.
"""

import copy
from collections.abc import Callable, Sequence

import torch
import torch.nn.functional as F
from torch import nn
from torch.overrides import TorchFunctionMode

TRANSPARENT = {
    *("relu", "relu_", "relu6", "hardtanh", "silu", "hardswish", "hardsigmoid", "sigmoid", "gelu", "tanh"),
    *("batch_norm", "layer_norm", "group_norm", "instance_norm", "local_response_norm", "dropout", "leaky_relu"),
    *("softmax", "log_softmax"),
}


class Positive(TorchFunctionMode):
    """Inside it, activations and normalisations change nothing, and a maximum adds up what it looks at."""

    def __torch_function__(self, func, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        name = func.__name__
        if name in TRANSPARENT:
            return args[0]
        if name.startswith("adaptive_max_pool"):
            return getattr(F, name.replace("max", "avg").removesuffix("_with_indices"))(*args[:2])
        if name in ("max_pool1d", "max_pool2d", "max_pool3d"):
            return summed_pool(func, *args, **kwargs)
        if name.endswith("_with_indices"):
            pool = getattr(F, name.removesuffix("_with_indices"))
            return summed_pool(pool, *args, **kwargs), None
        if name == "maximum":
            return args[0] + args[1]
        if name == "amax":
            return torch.sum(*args, **kwargs)
        if name == "pad" and kwargs.get("mode", "constant") == "constant":
            kwargs |= {"value": 1.0}  # any constant: times a gate, a zero would hide what the gate sees
        result = func(*args, **kwargs)
        if name in ("conv1d", "conv2d", "conv3d", "add", "cat", "linear") and result.requires_grad:
            result.register_hook(lambda gradient: (gradient != 0).to(gradient.dtype))
        return result


def summed_pool(pool: Callable, x: torch.Tensor, *args, **kwargs) -> torch.Tensor:
    """The sum where `pool` takes the maximum; the sizes are those that `pool` itself gives."""
    names = ("kernel_size", "stride", "padding", "dilation", "ceil_mode")
    given = dict(zip(names, args, strict=False)) | {k: v for k, v in kwargs.items() if k in names}
    n = x.dim() - 2

    def each(value):
        return (value,) * n if isinstance(value, int) else tuple(value)

    kernel = each(given["kernel_size"])
    stride = each(given.get("stride") or kernel)
    padding, dilation = each(given.get("padding", 0)), each(given.get("dilation", 1))
    with torch.no_grad():
        size = pool(x, **given).shape[2:]
    behind = [s * (m - 1) + d * (k - 1) + 1 - p - w for s, m, d, k, p, w in
              zip(stride, size, dilation, kernel, padding, x.shape[2:], strict=True)]  # fmt: skip
    x = F.pad(
        x, [p for before, after in zip(reversed(padding), reversed(behind), strict=True) for p in (before, after)]
    )
    ones = torch.ones(x.shape[1], 1, *kernel, dtype=x.dtype)
    return getattr(F, f"conv{n}d")(x, ones, stride=stride, dilation=dilation, groups=x.shape[1])


def positive_copy(model: nn.Module) -> nn.Module:
    """A float64 copy in eval mode: positive weights that keep the size of the numbers, all else 1."""
    model = copy.deepcopy(model).double().eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.fill_(1 / parameter[0].numel() if parameter.dim() > 1 else 1)
    return model


def seen(
    model: nn.Module, input_shape: Sequence[int], layers: Sequence[str], units: Callable[[tuple], list[tuple]]
) -> dict[str, dict[tuple, tuple | None]]:
    """What units of `layers` see, by layer and index: ((top, bottom), ...) or None.

    Args:
        input_shape: (channels, height, width), without the batch.
        layers: names of modules ("" for the model itself) that give one tensor.
        units: the size of a map -> the indices to measure; ``()`` for an output without a map.
    """
    model = positive_copy(model)
    outputs: dict[str, torch.Tensor] = {}
    for layer in layers:
        # A copy, because an in-place operation behind the layer would change what the layer gave.
        model.get_submodule(layer).register_forward_hook(
            lambda module, args, output, layer=layer: outputs.__setitem__(layer, output.clone())
        )
    x = torch.ones(1, *input_shape, dtype=torch.float64, requires_grad=True)
    result = {}
    with Positive():
        model(x)
    for layer, output in outputs.items():
        result[layer] = {}
        for index in units(tuple(output.shape[2:])):
            unit = output[(slice(None), slice(None), *index)].sum()
            gradient = torch.autograd.grad(unit, x, retain_graph=True)[0]
            result[layer][index] = bounding_box(gradient[0].sum(0))
    return result


def bounding_box(gradient: torch.Tensor) -> tuple | None:
    """First and last place along each dimension where `gradient` is not zero; None if it is zero."""
    places = gradient.nonzero()
    if len(places) == 0:
        return None
    return tuple(zip(places.amin(0).tolist(), places.amax(0).tolist(), strict=True))
