"""What records a training step on an NVIDIA GPU, and finds beforehand what cannot be recorded."""

from __future__ import annotations

import functools
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

import torch
from torch import Tensor

Results = tuple[Tensor, Tensor | None]  # loss (), and outputs where they are one tensor


class Recorder(Protocol):
    """What records; `CudaRecorder`, or a stand-in where tests have no GPU."""

    def warm_up(self) -> AbstractContextManager:
        """Around an ordinary step before the recording."""

    def no_waiting(self) -> AbstractContextManager:
        """Around code that must not wait for the GPU, as `.item()` does: it raises RuntimeError there."""

    def record(self, work: Callable[[], Results]) -> tuple[Callable[[], None], Results]:
        """Record `work` without computing; return what replays it, and the tensors that a replay writes."""


@functools.cache
def _stream(device: int) -> torch.cuda.Stream:
    """One stream for all recordings on a device: PyTorch keeps a workspace for each stream that ever multiplied."""
    return torch.cuda.Stream(device)


class CudaRecorder:
    """Records on an NVIDIA GPU, on a stream of its own from the first warm-up on."""

    def __init__(self, device: torch.device):
        self.stream = _stream(torch.cuda.current_device() if device.index is None else device.index)

    @contextmanager
    def warm_up(self) -> Iterator[None]:
        """On the stream of the recording; the two streams wait for each other."""
        self.stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(self.stream):
            yield
        torch.cuda.current_stream().wait_stream(self.stream)

    @contextmanager
    def no_waiting(self) -> Iterator[None]:
        """PyTorch's own watch over operations that wait, and over the calls that it leaves out."""
        before = torch.cuda.get_sync_debug_mode()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # "a prototype feature": the steps watched here show what it finds
                torch.cuda.set_sync_debug_mode("error")
            with no_explicit_waits():
                yield
        finally:
            torch.cuda.set_sync_debug_mode(before)

    def record(self, work: Callable[[], Results]) -> tuple[Callable[[], None], Results]:
        """As a CUDA graph. Other threads, as a `DataLoader`'s, may go on using the GPU meanwhile.

        A step that waits is stopped by the watch, in Python, and the capture ends as any other. What the watch does
        not see breaks the capture off inside CUDA; `_clear_up` then does what PyTorch leaves undone.
        """
        graph, pool = torch.cuda.CUDAGraph(), torch.cuda.graph_pool_handle()
        stopped = None
        with torch.cuda.stream(self.stream):  # a broken capture does not give back the stream that was in use
            try:
                with torch.cuda.graph(graph, pool, self.stream, capture_error_mode="thread_local"):
                    try:
                        with self.no_waiting():
                            results = work()
                    except RuntimeError as error:
                        stopped = error
            except RuntimeError as broken:
                _clear_up(graph, pool, self.stream.device_index)
                raise stopped or broken from None
        if stopped is not None:
            raise stopped
        return graph.replay, results


@contextmanager
def no_explicit_waits() -> Iterator[None]:
    """Let this thread's calls that wait for a GPU raise RuntimeError."""
    here = threading.get_ident()
    waits = {owner: owner.synchronize for owner in (torch.cuda, torch.cuda.Stream, torch.cuda.Event)}

    def watched(wait: Callable) -> Callable:
        @functools.wraps(wait)
        def call(*args, **kwargs):
            if threading.get_ident() == here:
                raise RuntimeError("called a synchronizing operation, synchronize()")
            return wait(*args, **kwargs)

        return call

    try:
        for owner, wait in waits.items():
            owner.synchronize = watched(wait)
        yield
    finally:
        for owner, wait in waits.items():
            owner.synchronize = wait


_broken_graphs: list[torch.cuda.CUDAGraph] = []  # PyTorch may still ask them which capture they belong to


def _clear_up(graph: torch.cuda.CUDAGraph, pool: tuple[int, int], device: int) -> None:
    """Make the GPU's generator and allocator usable after a capture that CUDA broke off.

    PyTorch's `capture_end` then raises before it tells them that the capture is over: the generator refuses to draw,
    and the allocator gives no memory back to the GPU.
    """
    _broken_graphs.append(graph)
    generator = torch.cuda.default_generators[device]
    generator.graphsafe_set_state(generator.clone_state())  # the same seed and offset, and in no capture
    end_allocation = getattr(torch._C, "_cuda_endAllocateToPool", None)  # torch has no public name for it
    if end_allocation is not None:
        end_allocation(device, pool)
