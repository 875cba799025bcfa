"""What a block of `forbid` leaves behind: nothing; blocks within blocks, in forks, and patched from inside."""

import contextlib
import gc
import os
import threading
import time

import pytest
import torch
import torch.nn.functional as F

from course_utils.checks import CheckError, forbid, forbidden
from tests.course_utils.checks.past_python import Idle, in_a_thread, under_another_mode_of_a_thread
from tests.course_utils.checks.registry import overloads

IMAGE, KERNEL = torch.ones(1, 2, 6, 6), torch.ones(3, 2, 3, 3)


def convolve():
    return F.conv2d(IMAGE, KERNEL)


def convolve_privately():
    return torch._C._nn.thnn_conv2d(IMAGE, KERNEL, (3, 3))


# Blocks within blocks.


@pytest.mark.parametrize("inner", ["torch.conv2d", "torch.max_pool2d", "torch.autograd"])
def test_a_block_within_a_block_leaves_the_outer_one_standing(inner):
    with forbid("torch.conv2d"):
        with forbid(inner):
            pass
        with pytest.raises(KeyError), forbid(inner):
            raise KeyError("the answer's own")
        through = None
        with contextlib.suppress(CheckError):
            through = in_a_thread(convolve)
        with contextlib.suppress(CheckError):
            through = under_another_mode_of_a_thread(convolve)
        assert through is None
        F.max_pool2d(IMAGE, 2)
        outer = forbidden._active[-1]
        assert outer._caught
        outer._caught = ""
    in_a_thread(convolve)


def test_blocks_of_two_threads_can_overlap_in_any_order():
    first, second = forbid("torch.conv2d", "torch.autograd"), forbid("torch.conv2d", "torch.autograd")
    x = torch.ones(3, requires_grad=True)
    entered, leave = threading.Event(), threading.Event()

    def other():
        with contextlib.suppress(CheckError), second:
            entered.set()
            leave.wait(20)

    with first:
        thread = threading.Thread(target=other)
        thread.start()
        entered.wait(20)
    for call in (convolve, x.sum().backward):
        with pytest.raises(CheckError):
            call()
    leave.set()
    thread.join()
    convolve()
    x.sum().backward()


# Afterwards everything is as before.


def _registered():
    """The dispatcher's tables of all families, as text."""
    return {
        operation: torch._C._dispatch_dump(operation) + torch._C._dispatch_dump_table(operation)
        for pattern, _ in [*forbidden._OPERATIONS.values(), (forbidden._BACKWARD, "")]
        for operation, _ in overloads(pattern)
    }


ALL = (*forbidden._OPERATIONS, "torch.autograd")


@pytest.mark.parametrize("error", [None, KeyError, StopIteration, KeyboardInterrupt])
def test_a_block_leaves_the_dispatcher_as_it_was(error):
    before, result = _registered(), F.conv2d(IMAGE, KERNEL)
    with contextlib.suppress(BaseException), forbid(*ALL), forbid(*ALL):
        assert _registered() != before
        if error:
            raise error
    assert _registered() == before
    assert torch.equal(F.conv2d(IMAGE, KERNEL), result)


def _fastest(call, times):
    best = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        call()
        best = min(best, time.perf_counter() - start)
    return best


def test_outside_a_block_everything_is_as_fast_as_before():
    x = torch.ones(3, requires_grad=True)
    calls = [convolve, lambda: x.square().sum().backward()]
    before = [_fastest(call, 500) for call in calls]
    for _ in range(20):
        with forbid(*ALL):
            pass
    after = [_fastest(call, 500) for call in calls]
    assert all(now < 1.5 * then + 5e-6 for now, then in zip(after, before, strict=True))


def test_a_block_is_cheap_to_enter_and_leave():
    def block():
        with forbid("torch.conv2d"):
            pass

    block()
    assert _fastest(block, 30) < 0.006


def _child(call):
    """What `call` does in a forked process: 0 for nothing, 1 for a `CheckError`, 2 for another."""
    pid = os.fork()
    if pid == 0:
        code = 0
        try:
            call()
        except CheckError:
            code = 1
        except BaseException:
            code = 2
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no forks on this system")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork")
def test_forks_are_blocked_like_their_parents():
    def blocked():
        with forbid("torch.conv2d", "torch.autograd"):
            in_a_thread(convolve_privately)

    assert _child(blocked) == 1
    block = forbid("torch.conv2d")
    with block:
        assert _child(lambda: in_a_thread(convolve_privately)) == 1

        def leaves():
            block.__exit__(None, None, None)
            convolve_privately()

        assert _child(leaves) == 0
    assert _child(convolve_privately) == 0


# Patches from inside a block.


def test_replaced_tables_and_methods_open_nothing(monkeypatch):
    def patched():
        patch.setattr(forbidden, "_OPERATIONS", {})
        patch.setattr(forbidden, "_kernels_of", lambda name: [])
        patch.setattr(forbidden, "_active", [])
        patch.setattr(forbidden._Watch, "__torch_dispatch__", Idle.__torch_dispatch__)
        patch.setattr(forbid, "refuse", lambda *args: None)
        F.conv2d(IMAGE, KERNEL)

    with pytest.raises(CheckError), forbid("torch.conv2d"), monkeypatch.context() as patch:
        patched()


def _destroy_libraries():
    for thing in gc.get_objects():
        if type(thing) is torch.library.Library and "aten/convolution/CompositeExplicitAutograd" in thing._op_impls:
            thing._destroy()


@pytest.mark.parametrize(
    ("lift", "call"),
    [
        (_destroy_libraries, convolve),
        (
            lambda: torch._C._dynamo.compiled_autograd.set_autograd_compiler(None, False),
            lambda: torch.ones(1, requires_grad=True).exp().backward(),
        ),
    ],
)
def test_a_block_that_was_lifted_from_inside_fails_at_its_end(lift, call):
    with pytest.raises(CheckError, match="lifted the block"), forbid("torch.conv2d", "torch.autograd"):
        in_a_thread(lambda: (lift(), call()))
    call()
