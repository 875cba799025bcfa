"""What `forbid` blocks below Python: in threads, without modes, by private doors; and nothing once it is over."""

import contextlib
import functools
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.autograd import forward_ad
from torch.nn.utils import fuse_conv_bn_eval

from course_utils import shapes
from course_utils.checks import CheckError, forbid, forbidden
from tests.course_utils.checks.past_python import PAST_PYTHON, in_a_pool, in_a_thread, without_modes
from tests.course_utils.checks.registry import overloads, simple_calls

IMAGE, KERNEL = torch.ones(1, 2, 6, 6), torch.ones(3, 2, 3, 3)
ONE, NONE = [1, 1], [0, 0]


def _kernel(name):
    return torch.library.get_kernel(name, "CPU")


CONVOLUTIONS = {
    "F.conv2d": lambda: F.conv2d(IMAGE, KERNEL),
    "with a gradient": lambda: F.conv2d(IMAGE, KERNEL.clone().requires_grad_()),
    "double precision": lambda: F.conv2d(IMAGE.double(), KERNEL.double()),
    "a module": lambda: nn.Conv2d(2, 1, 2)(IMAGE),
    "functional_call": lambda: torch.func.functional_call(nn.Conv2d(2, 1, 2), {"bias": torch.ones(1)}, (IMAGE,)),
    "vmap": lambda: torch.func.vmap(lambda x: F.conv2d(x[None], KERNEL))(IMAGE),
    "torch._C._nn": lambda: torch._C._nn.thnn_conv2d(IMAGE, KERNEL, (3, 3)),
    "torch._C._nn.slow_conv3d": lambda: torch._C._nn.slow_conv3d(IMAGE[None], KERNEL[:, None, :1], (1, 3, 3)),
    "an overload": lambda: torch.ops.aten.conv2d.default(IMAGE, KERNEL),
    "an out overload": lambda: torch.ops.aten.thnn_conv2d.out(IMAGE, KERNEL, [3, 3], out=torch.empty(0)),
    "its composition": lambda: torch.ops.aten.conv2d.default.decompose(IMAGE, KERNEL),
    "one key's kernel": lambda: torch.ops.aten.convolution.default._op_dk(
        torch._C.DispatchKey.CompositeExplicitAutograd, IMAGE, KERNEL, None, ONE, NONE, ONE, False, NONE, 1
    ),
    "its gradient": lambda: torch.nn.grad.conv2d_weight(IMAGE, KERNEL.shape, torch.ones(1, 3, 4, 4)),
    "its other gradient": lambda: torch.nn.grad.conv2d_input(IMAGE.shape, KERNEL, torch.ones(1, 3, 4, 4)),
    "conv_tbc": lambda: torch.conv_tbc(torch.ones(6, 1, 2), torch.ones(3, 2, 3), torch.zeros(3)),
    "torch._C._nn.slow_conv_dilated2d": lambda: torch._C._nn.slow_conv_dilated2d(IMAGE, KERNEL, (3, 3)),
    "fused by torch.nn.utils": lambda: fuse_conv_bn_eval(nn.Conv2d(2, 1, 2).eval(), nn.BatchNorm2d(1).eval())(IMAGE),
    "a handle taken within": lambda: _kernel("aten::slow_conv3d_forward").call_boxed(
        torch.DispatchKeySet("CPU"), IMAGE[None], KERNEL[:, None, :1], [1, 3, 3], None, [1] * 3, [0] * 3
    ),
}
if torch.backends.mkldnn.is_available():
    PREPACKED = torch.ops.mkldnn_prepacked.conv2d_prepack(KERNEL, None, ONE, NONE, ONE, 1, [1, 2, 6, 6], "none")
    CONVOLUTIONS |= {
        "mkldnn_convolution": lambda: torch.mkldnn_convolution(IMAGE, KERNEL, None, NONE, ONE, ONE, 1),
        "a layout of oneDNN": lambda: F.conv2d(IMAGE.to_mkldnn(), KERNEL.to_mkldnn()),
        "torch.ops.mkldnn": lambda: torch.ops.mkldnn._convolution_pointwise(
            IMAGE, KERNEL, None, NONE, ONE, ONE, 1, "none", [], ""
        ),
        "torch.ops.mkldnn_prepacked": lambda: torch.ops.mkldnn_prepacked.conv2d_run(IMAGE, PREPACKED),
    }


if {"onednn", "qnnpack"} & set(torch.backends.quantized.supported_engines):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # newer PyTorch: deprecated
        QUANTIZED = torch.quantize_per_tensor(IMAGE, 0.1, 0, torch.quint8)
        WEIGHTS = torch.quantize_per_tensor(KERNEL, 0.1, 0, torch.qint8)
    CONVOLUTIONS["torch.ao"] = lambda: torch.ao.nn.quantized.functional.conv2d(
        QUANTIZED, WEIGHTS, None, scale=0.1, zero_point=0
    )


@pytest.mark.parametrize("past", PAST_PYTHON)
@pytest.mark.parametrize("door", CONVOLUTIONS)
def test_no_convolution_gets_past_below_python(door, past):
    past(CONVOLUTIONS[door])
    with (
        pytest.raises(
            CheckError, match=r"torch\.conv2d and its relatives are blocked here \(aten\.\w+ was called\): write"
        ),
        forbid("torch.conv2d"),
    ):
        past(CONVOLUTIONS[door])
    past(CONVOLUTIONS[door])


@pytest.mark.parametrize("past", PAST_PYTHON)
@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("torch.max_pool2d", lambda: F.max_pool1d(IMAGE[0], 2)),
        ("torch.max_pool2d", lambda: F.max_pool2d(IMAGE, 2)),
        ("torch.nn.functional.unfold", lambda: F.unfold(IMAGE, 2)),
        ("torch.nn.functional.batch_norm", lambda: F.batch_norm(IMAGE, None, None, training=True)),
        ("torch.nn.functional.batch_norm", lambda: F.rms_norm(IMAGE, (6,))),
        ("torch.nn.functional.dropout", lambda: F.dropout(IMAGE, 0.3)),
        ("torch.nn.functional.dropout", lambda: nn.Dropout2d(0.3)(IMAGE)),
    ],
)
def test_no_other_family_gets_past_below_python(name, call, past):
    past(call)
    with pytest.raises(CheckError, match="blocked here"), forbid(name):
        past(call)


def test_dropout_is_recognised_outside_inference_mode_too():
    with pytest.raises(CheckError, match=r"aten\.dropout was called"), forbid("torch.nn.functional.dropout"):
        F.dropout(IMAGE, 0.3)


def in_forward_mode(x):
    with forward_ad.dual_level():
        return forward_ad.unpack_dual(forward_ad.make_dual(x.detach(), x.detach()).square()).tangent


@pytest.mark.parametrize("past", [in_a_thread, in_a_pool, without_modes])
@pytest.mark.parametrize(
    "backward",
    [
        lambda x: x.square().sum().backward(),
        lambda x: torch.autograd.grad(x.square().sum(), x, create_graph=True),
        lambda x: torch.autograd.grad(x.square().sum(), x),
        lambda x: torch.autograd.functional.jacobian(torch.square, x),
        lambda x: torch.nn.grad.conv2d_weight(IMAGE, KERNEL.shape, torch.ones(1, 3, 4, 4)),
        lambda x: torch.ops.aten.threshold_backward(x.detach(), x.detach(), 0),
        lambda x: torch.func.grad(lambda y: y.square().sum())(x),
        lambda x: torch.func.vjp(torch.square, x)[1](x),
        lambda x: torch.func.jvp(torch.square, (x,), (x,)),
        lambda x: torch.func.jacfwd(torch.square)(x),
        in_forward_mode,
    ],
)
def test_no_backward_pass_gets_past_below_python(backward, past):
    x = torch.ones(3, requires_grad=True)
    past(lambda: backward(x))
    with pytest.raises(CheckError, match="autograd is blocked here"), forbid("torch.autograd"):
        past(lambda: backward(x))
    past(lambda: backward(x))


# Of what matches a family's pattern, this belongs to none: the gradient of no gradient, and a piece of memory.
NOTHING_COMPUTED = {"aten::_convolution_double_backward", "inductor::_alloc_from_pool"}


@pytest.mark.parametrize(
    ("name", "at_least"),
    [
        ("torch.conv2d", 35),
        ("torch.max_pool2d", 50),
        ("torch.nn.functional.unfold", 2),
        ("torch.nn.functional.batch_norm", 22),
        ("torch.nn.functional.dropout", 9),
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_every_registered_operation_of_a_family_is_refused_in_a_thread(name, at_least):
    tried, through = set(), set()
    with ThreadPoolExecutor(1) as pool:
        for operation, function in overloads(forbidden._OPERATIONS[name][0]):
            for call in simple_calls(function) if operation not in NOTHING_COMPUTED else ():
                tried.add(operation)
                with contextlib.suppress(CheckError), forbid(name):
                    if not isinstance(pool.submit(call).exception(), CheckError):
                        through.add(operation)
    assert not through
    assert len(tried) >= at_least


def test_what_a_library_brings_later_is_blocked_too():
    with forbid("torch.conv2d"):
        pass
    from torchvision.ops import deform_conv2d

    offset = torch.zeros(1, 18, 4, 4)
    deform_conv2d(IMAGE, offset, KERNEL)
    with pytest.raises(CheckError, match=r"aten\.deform_conv2d"), forbid("torch.conv2d"):
        in_a_thread(lambda: deform_conv2d(IMAGE, offset, KERNEL))


@pytest.mark.parametrize("call", [CONVOLUTIONS["F.conv2d"], lambda: torch.ones(1, requires_grad=True).exp().backward()])
def test_an_error_in_a_thread_that_nobody_asks_for_comes_back_at_the_end(call):
    with pytest.raises(CheckError), forbid("torch.conv2d", "torch.autograd"), ThreadPoolExecutor(1) as pool:
        pool.submit(call)


@pytest.mark.filterwarnings("ignore:.*torch.jit")
@pytest.mark.parametrize("past", [lambda call: call(), without_modes])
def test_torchscript_is_blocked_and_its_error_is_ours(past):
    scripted = torch.jit.trace(lambda x: F.conv2d(x, KERNEL), IMAGE)
    with pytest.raises(CheckError, match=r"blocked here \(aten\.\w+ was called\): write"), forbid("torch.conv2d"):
        past(lambda: scripted(IMAGE))
    with pytest.raises(RuntimeError, match="of its own"), forbid("torch.conv2d"):
        raise RuntimeError("of its own")


def test_what_is_not_named_runs_in_a_thread():
    def run():
        F.max_pool2d(IMAGE, 2)
        x = torch.ones(3, requires_grad=True)
        x.square().sum().backward()
        return x.grad.tolist()

    with forbid("torch.conv2d"):
        assert in_a_thread(run) == [2, 2, 2]


@pytest.mark.parametrize("name", ["correlate2d", "convolve", "fftconvolve"])
def test_another_library_s_convolution_is_one_too(name):
    function = getattr(pytest.importorskip("scipy.signal"), name)
    image, kernel = IMAGE[0, 0].numpy(), KERNEL[0, 0].numpy()
    before = function(image, kernel, mode="valid")
    with pytest.raises(CheckError, match=rf"blocked here \(scipy\.signal\.{name} was called\)"), forbid("torch.conv2d"):
        in_a_thread(lambda: function(image, kernel, mode="valid"))
    assert (function(image, kernel, mode="valid") == before).all()


def test_a_library_that_is_loaded_within_a_block(monkeypatch):
    module = pytest.importorskip("scipy.ndimage")
    monkeypatch.delitem(sys.modules, "scipy.ndimage")
    with pytest.raises(CheckError, match=r"scipy\.ndimage was imported"), forbid("torch.max_pool2d"):
        sys.modules["scipy.ndimage"] = module


def test_a_function_of_the_course_refuses_however_it_is_held():
    held = [shapes.conv_output_size, functools.partial(shapes.conv_output_size)]
    refused = pytest.raises(CheckError, match="is what you are asked to write")
    with refused, forbid("course_utils.shapes.conv_output_size"):
        with forbid("course_utils.shapes.conv_output_size"):
            assert not hasattr(shapes.conv_output_size, "__wrapped__")
        for function in held:  # the outer block still holds; it fails at its end, too
            with pytest.raises(CheckError):
                function(28, 5)
    assert [function(28, 5) for function in held] == [24, 24]
