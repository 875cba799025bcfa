"""Running figures of an epoch, kept on the device so that no step has to wait for them."""

import math

import torch
from torch import Tensor

from course_utils.training.distributed import sum_over_processes

CHECK_EVERY = 50  # steps between two looks at the losses


class NonFiniteLoss(Exception):
    """The loss became NaN or infinite.

    Attributes:
        batch: which batch of the epoch, counted from 1.
        losses: the losses up to that one, at most five.
    """

    def __init__(self, batch: int, losses: list[float]):
        super().__init__(f"the loss of batch {batch} is {losses[-1]}")
        self.batch = batch
        self.losses = losses


class Meter:
    """Mean loss and accuracy per sample over the batches that were added.

    What a step adds is only kept; sums are made once every `CHECK_EVERY` steps.
    """

    def __init__(self):
        self.losses: list[float] = []
        self.looked_at = 0  # how many of those were found to be finite
        self.sent: tuple[Tensor, torch.cuda.Event] | None = None  # the losses after those, on their way from a GPU
        self.unread: list[Tensor] = []  # the losses after those, still on the device
        self.sizes: list[int] = []
        self.answers: list[tuple[Tensor, Tensor]] = []  # outputs and labels not yet compared
        self.correct: Tensor | None = None

    def add(self, loss: Tensor, outputs: Tensor, labels: Tensor) -> None:
        """Count one batch: its mean loss (), the outputs (n, classes) and the labels (n,).

        Where the labels are not class numbers, no accuracy is counted.
        """
        self.unread.append(loss.detach())
        self.sizes.append(len(labels))
        if outputs.dim() == 2 and labels.dim() == 1 and not labels.is_floating_point():
            self.answers.append((outputs.detach(), labels))
        if len(self.answers) == CHECK_EVERY:
            self._compare()

    def _compare(self) -> None:
        """Count the right answers among those kept, and let go of them."""
        if self.answers:
            outputs, labels = (torch.cat(parts) for parts in zip(*self.answers, strict=True))
            right = (outputs.argmax(1) == labels).sum()
            self.correct = right if self.correct is None else self.correct + right
            self.answers.clear()

    def check(self) -> None:
        """Look at the latest losses, once every `CHECK_EVERY` batches.

        On an NVIDIA GPU it looks at those that it sent for the time before. They have arrived, so that nothing waits.

        Raises:
            NonFiniteLoss: one of them is NaN or infinite; it names the first such batch.
        """
        if len(self.unread) >= CHECK_EVERY:
            self._receive()
            self._send()
            self._look()

    def check_all(self) -> None:
        """The same for every batch that was not looked at yet; a GPU must have computed them all."""
        self._compare()  # before the wait: the GPU goes on to it by itself
        self._read()
        self._look()

    def _look(self) -> None:
        for i in range(self.looked_at, len(self.losses)):
            if not math.isfinite(self.losses[i]):
                raise NonFiniteLoss(i + 1, self.losses[max(i - 4, 0) : i + 1])
        self.looked_at = len(self.losses)

    def _send(self) -> None:
        """Have the unread losses brought from the device; an NVIDIA GPU does so when it comes to it."""
        losses = torch.stack(self.unread)
        self.unread.clear()
        if losses.is_cuda:
            values = losses.to("cpu", non_blocking=True)
            self.sent = values, torch.cuda.current_stream(losses.device).record_event()
        else:
            self.losses += losses.tolist()

    def _receive(self) -> None:
        """Take in what was sent; wait for it if need be."""
        if self.sent is not None:
            values, event = self.sent
            event.synchronize()
            self.losses += values.tolist()
            self.sent = None

    def _read(self) -> None:
        """Bring all losses from the device."""
        self._receive()
        if self.unread:
            self._send()
            self._receive()

    def result(self, device: torch.device) -> tuple[float, float]:
        """Mean loss and accuracy (NaN if not counted) over all samples of all processes.

        Raises:
            ValueError: no sample was added in any process.
        """
        self._compare()
        self._read()
        sizes = torch.tensor(self.sizes, dtype=torch.float64)
        losses = torch.tensor(self.losses, dtype=torch.float64)
        correct = self.correct.item() if self.correct is not None else math.nan if self.losses else 0
        totals = torch.tensor([(losses * sizes).sum(), correct, sizes.sum()], dtype=torch.float64)
        loss, correct, count = sum_over_processes(totals, device).tolist()
        if count == 0:
            raise ValueError("the loader gave no batch; check that its data set holds images, and drop_last")
        return loss / count, correct / count
