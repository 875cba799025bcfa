"""The effective receptive field: how much each pixel matters, measured with gradients."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import nn

from course_utils.checks import forbiddable
from course_utils.model_copies import checked_shape, demand_sizes, working_copy
from course_utils.receptive_field.middle import followed_layout, middle_unit, output_of

BATCH = 16


@forbiddable
def effective_receptive_field(
    model: nn.Module,
    input_shape: Sequence[int],
    layer: str | None = None,
    samples: int = 64,
    seed: int = 0,
    space_dims: Sequence[int] | None = None,
) -> torch.Tensor:
    """How much each pixel matters to the middle unit, on average (Luo et al. 2016).

    The mean, over `samples` inputs of standard normal noise, of the absolute gradient of the unit (its channels
    summed) with respect to the input, with the input's channels summed after the absolute value. The model is
    taken as it is in eval mode; it, its gradients and the global random generator stay as they are.

    The middle unit is at ``n // 2`` along each dimension of the output that runs over positions: rows and columns of
    (N, C, H, W), (N, H, W, C) and the like. They are followed from the input through the model; where that is not
    possible, `space_dims` must say which they are. Tokens (N, T, C) have a single dimension of positions, which counts
    tokens and not rows: with ``space_dims=(1,)`` the unit is token ``T // 2``.

    >>> from torch import nn
    >>> from course_utils.receptive_field import effective_receptive_field
    >>> model = nn.Sequential(nn.Conv1d(1, 1, 3, padding=1), nn.Conv1d(1, 1, 3, padding=1))
    >>> for layer in model:  # each adds up three neighbours
    ...     _ = nn.init.ones_(layer.weight)
    >>> effective_receptive_field(model, (1, 7))  # 1, 2, 3, 2, 1 ways to the middle unit, over 3
    tensor([0.0000, 0.3333, 0.6667, 1.0000, 0.6667, 0.3333, 0.0000])

    Args:
        model: any module that takes (N, channels, height, width); it needs no tracing.
        input_shape: (channels, height, width), without the batch; likewise in 1-d and 3-d.
        layer: name of the module whose middle unit is meant, as in ``model.named_modules()``; None for the
            output of the model. It gives one tensor of floats, alone or in a tuple, list or dict.
        samples: number of random inputs; they go through the model 16 at a time.
        seed: the same seed gives the same result.
        space_dims: the dimensions of the output that run over positions, counted with the batch: (1, 2) for
            (N, H, W, C), (1,) for tokens (N, T, C), () for (N, features). None: they are followed from the input.

    Returns:
        (height, width) tensor on the model's device, not negative, with maximum 1 (all 0 if no gradient arrives).

    Raises:
        ValueError: there is no such layer, it is not called, or gives none or several tensors of floats; which of its
            dimensions run over positions is not known, or `space_dims` are not dimensions of it; `samples` is less
            than 1, or a layer is lazy and has no sizes yet.
        TypeError: `model` is not a module, or `input_shape` or `space_dims` not a sequence of whole numbers.
    """
    if not isinstance(model, nn.Module):
        raise TypeError(f"model is {type(model).__name__}; expected a torch.nn.Module")
    shape = checked_shape(input_shape, example=(3, 224, 224), fewest=2)
    demand_sizes(model)
    if samples < 1:
        raise ValueError(f"samples is {samples}; expected at least 1")
    copied = working_copy(model).requires_grad_(False)
    names = [name for name, _ in copied.named_modules()]
    if layer is not None and layer not in names:
        raise ValueError(f"no layer {layer!r}; the model has: {', '.join(filter(None, names))}")
    layer = layer or ""
    like = next((p for p in copied.parameters() if p.is_floating_point()), torch.empty(0))
    random = torch.Generator().manual_seed(seed)
    total = torch.zeros(shape[1:], dtype=like.dtype, device=like.device)
    with torch.random.fork_rng(devices=[like.device] if like.is_cuda else []):
        layout = None
        if space_dims is None:
            # A copy for itself, because tensors that a model keeps from there cannot carry gradients. Two images, so
            # that no dimension of size 1 is taken for the batch.
            layout = followed_layout(working_copy(model), total.new_zeros(min(2, samples), *shape), layer)
        # For models that draw numbers in eval mode too.
        torch.default_generator.manual_seed(seed)
        if like.is_cuda:
            torch.cuda.manual_seed(seed)
        for start in range(0, samples, BATCH):
            noise = torch.randn(min(BATCH, samples - start), *shape, generator=random).to(like).requires_grad_()
            with torch.enable_grad():
                unit = middle_unit(output_of(copied, noise, layer), layout, space_dims, layer)
            if unit.requires_grad:
                total += _absolute_gradient(unit, noise)
    return total / total.max().clamp_min(torch.finfo(total.dtype).tiny)


def _absolute_gradient(unit: torch.Tensor, batch: torch.Tensor) -> torch.Tensor:
    """|d unit / d input|, summed over the batch and the input's channels."""
    (gradient,) = torch.autograd.grad(unit, batch, materialize_grads=True)
    return gradient.abs().sum(dim=(0, 1))
