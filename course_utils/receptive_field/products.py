"""What a product with weights (`weight @ x`, `torch.einsum`, ...) does to the receptive field.

Every such product is read as an Einstein sum: each dimension has a letter, and letters that the output lacks are
summed over, so that what runs along them is mixed. As for linear layers, no weight counts as zero.
"""

from __future__ import annotations

from string import ascii_letters
from typing import Any

import torch

from course_utils.receptive_field.pixel_masks import Factor, Field, ReceptiveFieldError

PRODUCTS = {"matmul", "mm", "bmm", "mv", "dot", "addmm", "baddbmm", "addmv", "inner", "tensordot", "einsum"}

BATCH_LETTERS = "ABCDEFGH"


def product(
    name: str, fields: list[Field | None], tensors: list[torch.Tensor], arguments: dict[str, Any], out: torch.Tensor
) -> Field:
    """The field of a product of `tensors`; `fields` has None for the weights.

    Raises:
        ReceptiveFieldError: not exactly one factor depends on the input, or its diagonal is taken.
    """
    if name.startswith(("addm", "badd")):  # the first tensor is added
        if fields[0] is not None:
            raise ReceptiveFieldError(f"{name} adds to a tensor that depends on the input; there is no rule for it")
        fields, tensors = fields[1:], tensors[1:]
    tracked = [i for i, field in enumerate(fields) if field is not None]
    if len(tracked) != 1:
        raise ReceptiveFieldError(
            f"{name} multiplies tensors that depend on the input with each other (as attention does); there is no "
            "rule for it. With weights that do not depend on the input, as in weight @ x, it is followed"
        )
    inputs, output = _subscripts(name, [t.dim() for t in tensors], arguments)
    (i,) = tracked
    return _contract(fields[i], inputs[i], output, out)


def _contract(field: Field, letters: str, output: str, out: torch.Tensor) -> Field:
    """Mix the dimensions whose letter is not in `output`, and put the others where it has them."""
    if len(set(letters)) < len(letters):
        raise ReceptiveFieldError("it takes a diagonal of a map; there is no rule for it")
    mixed = field.mixed
    for dim, letter in enumerate(letters):
        if letter not in output:
            mixed = mixed and all(factor.axis is not None for factor in field.dims[dim])
            field = field.mix(dim, 1)
    dims = []
    for letter, size in zip(output, out.shape, strict=True):
        kept = field.dims[letters.index(letter)] if letter in letters else ()
        units = torch.Size(factor.size for factor in kept).numel()
        dims.append(kept if kept and units == size else (Factor(size, None),))
    return Field(tuple(dims), field.axes, field.terms, mixed)


def _subscripts(name: str, dims: list[int], arguments: dict[str, Any]) -> tuple[list[str], str]:
    """The letters of each tensor's dimensions and of the output's."""
    if name == "einsum":
        return _of_einsum(arguments["equation"].replace(" ", ""), dims)
    left, right = dims
    if name in ("inner", "tensordot"):
        first, second = ascii_letters[:left], list(ascii_letters[left : left + right])
        pairs = arguments.get("dims_self", [-1]), arguments.get("dims_other", [-1])
        for i, j in zip(*pairs, strict=True):
            second[j] = first[i]
        return [first, "".join(second)], "".join(c for c in (*first, *second) if (c in first) != (c in second))
    batch = BATCH_LETTERS[: max(left, right, 2) - 2]
    rows, columns = "i" if left > 1 else "", "j" if right > 1 else ""
    first, second = (batch[len(batch) - max(n - 2, 0) :] for n in dims)
    return [first + rows + "k", second + "k" + columns], batch + rows + columns


def _of_einsum(equation: str, dims: list[int]) -> tuple[list[str], str]:
    given, arrow, output = equation.partition("->")
    inputs = given.split(",")
    hidden = [n - len(letters) + 3 if "..." in letters else 0 for letters, n in zip(inputs, dims, strict=True)]
    # Greek names for what "..." stands for, which an equation cannot use itself.
    names = "".join(chr(0x3B1 + i) for i in range(max(hidden)))
    if not arrow:
        letters = given.replace(",", "").replace(".", "")
        output = "..." + "".join(sorted(c for c in set(letters) if letters.count(c) == 1))
    expanded = [letters.replace("...", names[len(names) - n :]) for letters, n in zip(inputs, hidden, strict=True)]
    return expanded, output.replace("...", names)
