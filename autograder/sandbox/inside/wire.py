"""What travels between a judge and the process that holds a student's answer: plain values, and nothing that can act.

A message is a header, JSON, and the bytes of its tensors. None, bool, int, float, str, bytes, tuple, list, dict,
torch.Size, torch.device, torch.dtype, paths, numbers of numpy and exact tensors are rebuilt from their description.
A module goes as a `Handle` (see `modules`), what an answer gives besides as a `Kept`: the number under which its
process keeps it, and the name of its type. Nothing is unpickled, and every size is checked before it is believed.
"""

from __future__ import annotations

import json
import math
import socket
import struct
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any, BinaryIO

import numpy as np
import torch

MAX_HEADER = 16 * 2**20  # bytes
MAX_TENSORS = 256 * 2**20  # bytes, of all tensors of a message
MAX_DEPTH = 50  # of values within values
_DTYPES = {
    str(dtype): dtype
    for dtype in (
        *(torch.float32, torch.float64, torch.float16, torch.bfloat16, torch.complex64, torch.complex128),
        *(torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8, torch.bool),
    )
}
_SIMPLE = frozenset([bool, int, float, str, bytes, torch.device, torch.Size, type(Path())])
_LENGTH = struct.Struct("!I")
# What reading raises where a description is none.
_OF_NONSENSE = (AttributeError, LookupError, OverflowError, RuntimeError, TypeError, ValueError, struct.error)


class WireError(BaseException):
    """What came is no message, or one of impossible sizes: only code that took hold of the other end sends such.

    Like `AnswerGone` it is no `Exception`, which a test could take for an error of the answer.

    Attributes:
        raised: whether one was, in this process.
    """

    raised = False

    def __init__(self, what: str) -> None:
        super().__init__(what)
        WireError.raised = True


class AnswerGone(BaseException):
    """The other end is closed: the process there has ended."""

    def __init__(self) -> None:
        super().__init__("the process of the answer ended while the test waited for it")


@dataclass
class Handle:
    """The number of something that both ends know, in place of the thing itself."""

    number: int


@dataclass
class Kept:
    """The number of something that stays where it is; the other end only learns the name of its type."""

    number: int
    kind: str
    is_callable: bool


class Link:
    """One end of the connection: messages go out whole and come in whole.

    Args:
        end: the socket to write to.
        reader: where to read from, if something was buffered before; else the socket itself.
    """

    def __init__(self, end: socket.socket, reader: BinaryIO | None = None) -> None:
        self._end = end
        self._reader = end.makefile("rb") if reader is None else reader
        self.is_gone = False  # whether the other end was found closed

    def send(self, value: Any) -> None:
        """Send a value; what does not travel in it arrives as `Opaque`.

        Raises:
            AnswerGone: nobody reads.
            ValueError: it is too large.
        """
        head, *blobs = _parts(value)
        length = len(head) + sum(map(len, blobs))
        try:
            self._end.sendall(_LENGTH.pack(length) + head)
            for blob in blobs:
                self._end.sendall(blob)
        except OSError as error:
            self.is_gone = True
            raise AnswerGone from error

    def receive(self) -> Any:
        """The next value.

        Raises:
            AnswerGone: there is none.
            WireError: what came is no message.
        """
        (length,) = _LENGTH.unpack(self._take(_LENGTH.size))
        if length > MAX_HEADER + MAX_TENSORS:
            raise WireError(f"a message of {length} bytes")
        return unpack(self._take(length))

    def _take(self, count: int) -> bytes:
        try:
            data = self._reader.read(count)
        except OSError:
            data = b""
        if len(data) < count:
            self.is_gone = True
            raise AnswerGone
        return data


def pack(value: Any) -> bytes:
    """A value as bytes.

    Raises:
        TypeError: a part of it does not travel.
        ValueError: it is too large.
    """
    return b"".join(_parts(value))


def _parts(value: Any) -> list[Any]:
    """The parts of `pack`'s bytes, in which a tensor's values lie where they are and are not copied."""
    tensors = _Tensors([], {})
    body = _encode(value, tensors, 0)
    blobs = tensors.blobs
    header = json.dumps([body, [len(blob) for blob in blobs]]).encode()
    if len(header) > MAX_HEADER or sum(map(len, blobs)) > MAX_TENSORS:
        raise ValueError(f"a value of {len(header) + sum(map(len, blobs))} bytes is too large to be judged")
    return [_LENGTH.pack(len(header)) + header, *blobs]


def unpack(data: bytes) -> Any:
    """The value that these bytes describe.

    Raises:
        WireError: they describe none.
    """
    try:
        (length,) = _LENGTH.unpack_from(data)
        body, sizes = json.loads(data[_LENGTH.size : _LENGTH.size + length])
        blobs, at, view = [], _LENGTH.size + length, memoryview(data)
        for size in sizes:
            if type(size) is not int or size < 0:
                raise WireError("a tensor of no size")
            blobs.append(view[at : at + size])
            at += size
        if at != len(data):
            raise WireError("more or fewer bytes than were told")
        return _decode(body, _Tensors(blobs, {}), 0)
    except _OF_NONSENSE as error:
        raise WireError("what came describes no value") from error


def travels(value: Any) -> bool:
    """Whether a value that holds no others goes as it is."""
    kind = type(value)
    if value is None or kind in _SIMPLE:
        return True
    if kind in (torch.Tensor, torch.nn.Parameter):
        return is_plain_tensor(value)
    if kind is torch.dtype:
        return str(value) in _DTYPES
    return isinstance(value, np.generic) and kind.__module__ == "numpy" and type(value.item()) in _SIMPLE


@dataclass
class _Tensors:
    """The bytes of a message's tensors, and the tensors that were met, each only once."""

    blobs: list[bytes | memoryview]
    met: dict[int, Any]  # writing: places by id; reading: tensors by place


def _encode(value: Any, tensors: _Tensors, depth: int) -> Any:
    kind = type(value)
    if value is None or kind in (bool, str):
        return value
    if kind is int:
        return {"int": hex(value)}
    if kind is float:
        return {"float": value.hex()}
    if kind in (tuple, list, torch.Size) and depth < MAX_DEPTH:
        return {kind.__name__.lower(): [_encode(entry, tensors, depth + 1) for entry in value]}
    if kind is dict and depth < MAX_DEPTH:
        return {"dict": [[_encode(part, tensors, depth + 1) for part in pair] for pair in value.items()]}
    if kind is Handle:
        return {"handle": value.number}
    if kind is Kept:
        return {"kept": [value.number, value.kind, value.is_callable]}
    if not travels(value):
        raise TypeError(f"a {kind.__name__} does not travel")
    if isinstance(value, torch.Tensor):
        return {"tensor": _encode_tensor(value, tensors)}
    if kind in (torch.device, torch.dtype):
        return {kind.__name__: str(value)}
    if kind is bytes:
        tensors.blobs.append(value)
        return {"bytes": len(tensors.blobs) - 1}
    return {"path": str(value)} if isinstance(value, PurePath) else _encode(value.item(), tensors, MAX_DEPTH)


def is_plain_tensor(tensor: torch.Tensor) -> bool:
    """Whether a tensor's values are all there is to it."""
    return tensor.layout is torch.strided and tensor.device.type == "cpu" and str(tensor.dtype) in _DTYPES


def _encode_tensor(tensor: torch.Tensor, tensors: _Tensors) -> int | list[Any]:
    if id(tensor) in tensors.met:
        return tensors.met[id(tensor)]
    dense = tensor.detach().resolve_conj().resolve_neg().contiguous()
    # Not `reshape(-1)`: a single number out of a row counts as contiguous, and keeps the row's stride.
    values = dense.as_strided((dense.numel(),), (1,)).view(torch.uint8)
    tensors.met[id(tensor)] = place = len(tensors.blobs)
    tensors.blobs.append(memoryview(values.numpy()))
    about = [place, str(tensor.dtype), list(tensor.shape), tensor.requires_grad]
    gradient = tensor.grad if tensor.is_leaf else None
    about += [type(tensor) is torch.nn.Parameter, None if gradient is None else _encode_tensor(gradient, tensors)]
    return about


def _decode(body: Any, tensors: _Tensors, depth: int) -> Any:
    if body is None or type(body) in (bool, str):
        return body
    [(kind, content)] = body.items()
    if depth > MAX_DEPTH:
        raise WireError("values within values without end")
    if kind == "int":
        return int(_text(content), 16)
    if kind == "float":
        return float.fromhex(_text(content))
    if kind in ("tuple", "list", "size"):
        whole = {"tuple": tuple, "list": list, "size": torch.Size}[kind]
        return whole(_decode(entry, tensors, depth + 1) for entry in content)
    if kind == "dict":
        return {_decode(key, tensors, depth + 1): _decode(value, tensors, depth + 1) for key, value in content}
    if kind == "tensor":
        return _decode_tensor(content, tensors)
    if kind == "handle" and type(content) is int:
        return Handle(content)
    if kind == "kept":
        number, name, is_callable = content
        if type(number) is not int:
            raise WireError("a number that is none")
        return Kept(number, name if _text(name).isidentifier() else "object", is_callable is True)
    if kind == "bytes":
        return bytes(tensors.blobs[content])
    if kind == "device":
        return torch.device(_text(content))
    if kind == "dtype":
        return _DTYPES[content]
    if kind == "path":
        return Path(_text(content))
    raise WireError("a value of no kind")


def _decode_tensor(content: int | list[Any], tensors: _Tensors) -> torch.Tensor:
    if type(content) is int:
        return tensors.met[content]
    place, dtype, shape, with_gradient, is_parameter, gradient = content
    sizes = [size for size in shape if type(size) is int and 0 <= size < 2**40]
    data, kind = bytearray(tensors.blobs[place]), _DTYPES[dtype]
    if len(sizes) != len(shape) or len(shape) > 64 or math.prod(sizes) * kind.itemsize != len(data):
        raise WireError("a tensor of another size than its values have")
    tensor = torch.frombuffer(data, dtype=kind).reshape(sizes) if data else torch.empty(sizes, dtype=kind)
    tensor = torch.nn.Parameter(tensor, False) if is_parameter is True else tensor
    tensors.met[place] = tensor.requires_grad_(with_gradient is True)
    if gradient is not None:
        own = gradient if type(gradient) is int else [*gradient[:5], None]
        tensor.grad = _decode_tensor(own, tensors)
    return tensor


def _text(content: Any) -> str:
    if type(content) is not str:
        raise WireError("a number that is no text")
    return content
