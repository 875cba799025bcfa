"""What `forbid` does not reach: docs/safety.md names each of these, and grading leaves a note where it sees one."""

import os
import subprocess
import sys

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.autograd import forward_ad

from course_utils.checks import forbid

IMAGE, KERNEL = torch.ones(1, 2, 6, 6), torch.ones(3, 2, 3, 3)


def test_remains_a_kernel_taken_before_the_block():
    kernel = torch.library.get_kernel("aten::slow_conv3d_forward", "CPU")
    with forbid("torch.conv2d"):
        kernel.call_boxed(
            torch.DispatchKeySet("CPU"), IMAGE[None], KERNEL[:, None, :1], [1, 3, 3], None, [1] * 3, [0] * 3
        )


@pytest.mark.filterwarnings("ignore")
def test_remains_a_module_compiled_before_the_block():
    if not torch.backends.mkldnn.is_available():
        pytest.skip("compiled to calls of the dispatcher")
    compiled = torch.jit.optimize_for_inference(torch.jit.trace(nn.Conv2d(2, 1, 2).eval(), IMAGE))
    with forbid("torch.conv2d"):
        compiled(IMAGE)


def test_remains_a_compiled_function_of_another_library():
    signal = pytest.importorskip("scipy.signal")
    with forbid("torch.conv2d"):
        signal._sigtools._convolve2d(IMAGE[0, 0].numpy(), KERNEL[0, 0].numpy(), 1, 0, 0, 0)


def test_remains_a_gradient_by_private_functions():
    def forward_mode():
        with forward_ad.dual_level():
            return forward_ad.unpack_dual(torch._VF._make_dual(torch.ones(1), torch.ones(1), level=0).square()).tangent

    with forbid("torch.autograd"):
        assert forward_mode() == 2


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no forks on this system")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork")
def test_remains_a_process_that_was_started_before_the_block():
    asked, answered = os.pipe(), os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.read(asked[0], 1)
            os.write(answered[1], str(int(F.conv2d(IMAGE, KERNEL).sum())).encode())
        finally:
            os._exit(0)
    try:
        with forbid("torch.conv2d"):
            os.write(asked[1], b"?")
            assert os.read(answered[0], 20) == b"864"
    finally:
        os.waitpid(pid, 0)
        for end in (*asked, *answered):
            os.close(end)


def test_remains_another_program():
    code = "import torch; print(int(torch.conv2d(torch.ones(1, 1, 5, 5), torch.ones(1, 1, 3, 3)).sum()))"
    with forbid("torch.conv2d"):
        assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout.strip() == b"81"


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("torch.conv2d", lambda: torch.fft.ifft2(torch.fft.fft2(IMAGE[0, 0]) * torch.fft.fft2(KERNEL[0, 0], (6, 6)))),
        ("torch.conv2d", lambda: KERNEL.flatten(1) @ F.unfold(IMAGE, 3)),
        ("torch.nn.functional.unfold", lambda: torch.as_strided(IMAGE, (4, 4, 3, 3), (6, 1, 6, 1))),
    ],
)
def test_what_an_answer_may_build_on_is_not_blocked(name, call):
    with forbid(name):
        call()


def test_remains_a_backward_pass_by_hand_through_the_nodes():
    y = torch.ones(3, requires_grad=True).square().sum()
    with forbid("torch.autograd"):
        y.grad_fn.next_functions[0][0](y.grad_fn(torch.tensor(1.0)))
