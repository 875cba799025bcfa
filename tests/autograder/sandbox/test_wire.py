"""What crosses the wall between answer and test: plain values, exactly, and nothing else."""

import contextlib
import json
import math
import struct
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from autograder.sandbox.inside import wire
from autograder.sandbox.inside.wire import WireError, pack, unpack

NUMBERS = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
PLAIN = st.recursive(
    NUMBERS,
    lambda inner: st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(st.text() | st.integers(), inner),
    max_leaves=20,
)
SHAPES = st.lists(st.integers(0, 4), max_size=4)


def same(one, other) -> bool:
    """Equal, of the same types, NaN like NaN and -0.0 unlike 0.0."""
    if type(one) is not type(other):
        return False
    if isinstance(one, float):
        return one.hex() == other.hex()
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return same(list(one.items()), list(other.items()))
    return one == other


@given(PLAIN)
def test_plain_values_come_back_exactly(value):
    assert same(unpack(pack(value)), value)


@given(SHAPES, st.sampled_from(list(wire._DTYPES.values())), st.booleans())
def test_tensors_come_back_exactly(shape, dtype, turned):
    tensor = (torch.randn(shape) * 100).to(dtype)
    tensor = tensor.mT if turned and tensor.dim() > 1 else tensor
    back = unpack(pack(tensor))
    assert (type(back), back.dtype, back.shape) == (torch.Tensor, dtype, tensor.shape)
    assert torch.equal(back, tensor) or tensor.isnan().any()


@pytest.mark.parametrize("shape", [(1, 4), (1, 1, 4), (3, 4), (0, 4)])
def test_a_slice_comes_back_whatever_its_strides(shape):
    last = torch.arange(float(math.prod(shape))).reshape(shape)[..., -1]  # of one row it is one number, four apart
    assert torch.equal(unpack(pack(last)), last)


def test_what_belongs_to_a_tensor_travels_with_it():
    weight = torch.nn.Parameter(torch.ones(2, 3))
    (2 * weight).sum().backward()
    back = unpack(pack({"weight": weight, "shape": weight.shape, "result": weight * 2}))
    assert isinstance(back["weight"], torch.nn.Parameter)
    assert back["weight"].grad.tolist() == [[2, 2, 2], [2, 2, 2]]
    assert type(back["shape"]) is torch.Size
    assert back["result"].requires_grad
    odd = torch.tensor([math.nan, math.inf, -0.0, 1e-45])
    assert unpack(pack(odd)).view(torch.int32).tolist() == odd.view(torch.int32).tolist()
    assert unpack(pack(torch.arange(6)[::2])).tolist() == [0, 2, 4]
    assert unpack(pack(torch.ones(1).expand(4, 5))).shape == (4, 5)


def test_numbers_of_numpy_are_plain():
    assert same(unpack(pack([np.int64(3), np.float32(0.5), np.bool_(True)])), [3, 0.5, True])


class Liar(torch.Tensor):
    """Would answer for itself."""

    def item(self):
        raise AssertionError("it was asked")


@pytest.mark.parametrize(
    "value",
    [
        *(object(), len, torch.ones(2).as_subclass(Liar), type("Number", (int,), {"__eq__": lambda *_: True})(3)),
        *(type("Words", (dict,), {})(), torch.nn.Linear(2, 2), torch.eye(3).to_sparse(), np.ones(3)),
        np.datetime64("2026-09-01"),
    ],
)
def test_what_could_act_does_not_travel(value):
    with pytest.raises(TypeError, match="does not travel"):
        pack([value])


@pytest.mark.parametrize("value", [b"bytes\0", torch.device("cuda", 1), torch.float16, Path("a/b.pt")])
def test_other_plain_values(value):
    assert unpack(pack({"it": value})) == {"it": value}


def test_what_stays_is_a_number_and_a_name():
    assert unpack(pack(wire.Kept(3, "DataLoader", False))) == wire.Kept(3, "DataLoader", False)
    assert unpack(pack(wire.Kept(3, "no name", True))).kind == "object"


def test_one_tensor_in_two_places_stays_one():
    tensor = torch.ones(3, requires_grad=True)
    one, other = unpack(pack([tensor, {"again": tensor}]))
    assert other["again"] is one


def test_values_without_end():
    endless = []
    endless.append(endless)
    with pytest.raises(TypeError):
        pack(endless)


def raw(body, blobs=(), sizes=None) -> bytes:
    header = json.dumps([body, [len(blob) for blob in blobs] if sizes is None else sizes]).encode()
    return struct.pack("!I", len(header)) + header + b"".join(blobs)


TENSOR = [0, "torch.float32", [2], False, False, None]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff" * 8,
        raw(5),
        raw(1.5),
        raw([1]),
        raw({}),
        raw({"int": "1", "float": "1"}),
        raw({"int": 5}),
        raw({"int": "1_"}),
        raw({"float": "one"}),
        raw({"pickle": "gASVKQ"}),
        raw({"dict": [[{"list": []}, None]]}),
        raw({"dict": [[None]]}),
        raw({"kept": 5}),
        raw({"kept": ["1", "a", True]}),
        raw({"bytes": 1}),
        raw({"device": "moon"}),
        raw({"dtype": "torch.qint8"}),
        raw({"tensor": 0}),
        raw({"tensor": TENSOR}),
        raw({"tensor": TENSOR}, [b"1234567"]),
        raw({"tensor": [0, "torch.float32", [-2], False, False, None]}, [b"12345678"]),
        raw({"tensor": [0, "torch.float32", [2.0], False, False, None]}, [b"12345678"]),
        raw({"tensor": [0, "torch.float32", [2**62, 4], False, False, None]}, [b""]),
        raw({"tensor": [0, "torch.float32", [0, 2**62], False, False, None]}, [b""]),
        raw({"tensor": [0, "torch.float32", [1] * 65, False, False, None]}, [b"1234"]),
        raw({"tensor": [0, "torch.qint8", [8], False, False, None]}, [b"12345678"]),
        raw({"tensor": [0, "torch.int64", [1], True, False, None]}, [b"12345678"]),
        raw({"tensor": [1, "torch.float32", [2], False, False, None]}, [b"12345678"]),
        raw({"tensor": [0, "torch.float32", [2], True, False, [0, "torch.float64", [1], 0, 0, None]]}, [b"12345678"]),
        raw(None, [b"12"], [3]),
        raw(None, [b"12"], [1]),
        raw(None, [], [-1]),
        raw(None, [b"1"], ["1"]),
        struct.pack("!I", 200_000) + b'{"list": [' * 20_000,
        raw({"list": [{"list": []}]}).replace(b'{"list": []}', b'{"list": [' * 500 + b"]}" * 500),
    ],
)
def test_what_lies_about_itself_is_refused(data):
    with pytest.raises(WireError):
        unpack(data)


@given(st.binary(max_size=200))
def test_noise_is_refused_or_a_value(data):
    with contextlib.suppress(WireError):
        unpack(data)


def test_sizes_are_limited(monkeypatch):
    monkeypatch.setattr(wire, "MAX_TENSORS", 1000)
    assert unpack(pack(torch.ones(250))).numel() == 250
    with pytest.raises(ValueError, match="too large"):
        pack(torch.ones(251))
