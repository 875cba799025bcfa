"""Ways to make a call past what stands in Python: in a thread, or without PyTorch's modes."""

import threading
from concurrent.futures import ThreadPoolExecutor

import torch
from torch.utils._python_dispatch import TorchDispatchMode, _disable_current_modes


class Idle(TorchDispatchMode):
    """A mode of the answer's own, which lets everything through."""

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        return func(*args, **(kwargs or {}))


def in_a_thread(call):
    results = []

    def run():
        try:
            results.append(call())
        except Exception as error:
            results.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if isinstance(results[0], Exception):
        raise results[0]
    return results[0]


def in_a_pool(call):
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(call).result()


def without_modes(call):
    with _disable_current_modes():
        return call()


def without_modes_in_inference_mode(call):
    with torch.inference_mode(), _disable_current_modes():
        return call()


def under_another_mode_of_a_thread(call):
    def run():
        with Idle():
            return call()

    return in_a_thread(run)


PAST_PYTHON = [
    in_a_thread,
    in_a_pool,
    without_modes,
    without_modes_in_inference_mode,
    under_another_mode_of_a_thread,
    lambda call: in_a_thread(lambda: without_modes_in_inference_mode(call)),
]
