"""A training step recorded once on an NVIDIA GPU and replayed.

The CPU then starts one graph instead of some hundred kernels.

Source: https://docs.pytorch.org/docs/stable/notes/cuda.html#cuda-graphs
"""

from collections.abc import Callable

import torch
from torch import Tensor

Step = Callable[[Tensor, Tensor], tuple[Tensor, Tensor]]

_WARM_UP = 3  # ordinary steps before the recording, so that libraries and optimizer have allocated what they keep


class RecordedStep:
    """Do what `step` does, by replay where the batch has the shape of the first one.

    Every call is one real training step: the first ones run as they are, then one is recorded and replayed. A batch of
    another shape (the last, partial one) runs as it is. So does every batch once a scheduler has changed
    something else than the learning rate (OneCycleLR moves the momentum too), since a recording keeps such numbers.

    Args:
        step: takes images and labels, makes one optimizer step, returns loss and outputs. It must not look at values
            of tensors (no `.item()`, no `if` on a tensor).
        optimizer: Adam, AdamW or SGD with the fused step. Its learning rate becomes a tensor on the GPU, which
            a scheduler can change between replays; `close` makes it a number again.

    Raises:
        ValueError: the optimizer's step cannot be recorded.
    """

    def __init__(self, step: Step, optimizer: torch.optim.Optimizer, device: torch.device):
        if not all(group.get("fused") for group in optimizer.param_groups):
            raise ValueError(
                f"cuda_graph=True needs a fused optimizer; {type(optimizer).__name__} is not. "
                "Use a new Adam, AdamW or SGD"
            )
        for group in optimizer.param_groups:
            group["lr"] = torch.tensor(float(group["lr"]), device=device)
            if "capturable" in group:
                group["capturable"] = True
        self.step = step
        self.optimizer = optimizer
        self.fixed = self._numbers()
        self.shapes = None
        self.warm_ups = 0
        self.graph = None

    def __call__(self, images: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
        """One training step: the loss () and the outputs."""
        if self.shapes is None:
            self.shapes = images.shape, labels.shape
        if (images.shape, labels.shape) != self.shapes or self._numbers() != self.fixed:
            return self.step(images, labels)
        if self.warm_ups < _WARM_UP:
            return self._warm_up(images, labels)
        if self.graph is None:
            self._record(images, labels)
        self.images.copy_(images)
        self.labels.copy_(labels)
        self.graph.replay()
        loss, outputs = self.results
        return loss.clone(), outputs.clone()  # the next replay writes over them

    def close(self) -> None:
        """Give the optimizer its learning rate back as a number."""
        for group in self.optimizer.param_groups:
            group["lr"] = float(group["lr"])

    def _warm_up(self, images: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
        """An ordinary step on a stream of its own, as recording asks for."""
        self.warm_ups += 1
        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            results = self.step(images, labels)
        torch.cuda.current_stream().wait_stream(stream)
        return results

    def _record(self, images: Tensor, labels: Tensor) -> None:
        """Record the step; nothing is computed yet."""
        self.images, self.labels = images.clone(), labels.clone()
        self.graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self.graph):
            self.results = self.step(self.images, self.labels)

    def _numbers(self) -> list[dict]:
        """What the recording keeps as it is: every setting of the optimizer but the learning rate."""
        return [
            {name: value for name, value in group.items() if name not in ("params", "lr")}
            for group in self.optimizer.param_groups
        ]
