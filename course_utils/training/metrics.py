"""Running figures of an epoch, kept on the device so that no step has to wait for them."""

import math

import torch
from torch import Tensor

from course_utils.training.distributed import sum_over_processes
from course_utils.training.losses import Share

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
    """Mean loss and accuracy over the batches that were added.

    What a step adds is only kept; sums are made once every `CHECK_EVERY` steps.

    Args:
        left_out: a label that is not to count for the accuracy, or None.
    """

    def __init__(self, left_out: int | None = None):
        self.left_out = left_out
        self.losses: list[float] = []
        self.shares: list[tuple[float, float]] = []  # times and count of each of those
        self.looked_at = 0  # how many of those were found to be finite
        self.sent: tuple[Tensor, list[Share], torch.cuda.Event] | None = None  # the next, on their way from a GPU
        self.unread: list[tuple[Tensor, Share]] = []  # the losses after those, still on the device
        self.answers: list[tuple[Tensor, Tensor]] = []  # outputs and labels not yet compared
        self.compared: int | Tensor = 0  # labels, and how many of them were answered rightly
        self.correct: int | Tensor = 0

    def add(self, loss: Tensor, share: Share, outputs: object, labels: Tensor) -> None:
        """Count one batch: its loss (), what share it has in the mean, the outputs and the labels.

        The accuracy is of outputs (n, classes) with class numbers (n,), or (n, classes, H, W) with (n, H, W). Others
        have none.
        """
        self.unread.append((loss.detach(), share))
        if not _are_answers(outputs, labels):
            return
        if outputs.dim() == 2:
            self.answers.append((outputs.detach(), labels))
            if len(self.answers) == CHECK_EVERY:
                self._compare()
        else:  # a number for each pixel and class is too much to keep
            self._count(outputs.detach(), labels)

    def _compare(self) -> None:
        """Count the right answers among those kept, and let go of them."""
        if self.answers:
            self._count(*(torch.cat(parts) for parts in zip(*self.answers, strict=True)))
            self.answers.clear()

    def _count(self, outputs: Tensor, labels: Tensor) -> None:
        right = outputs.argmax(1) == labels
        if self.left_out is None:
            self.compared += labels.numel()
        else:
            counts = labels.long() != self.left_out  # as bytes, -100 would be 156
            right &= counts
            self.compared += counts.sum()
        self.correct += right.sum()

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
            times, _ = self.shares[i]
            if times != 0 and not math.isfinite(self.losses[i]):  # a mean over no label is NaN, and counts nothing
                raise NonFiniteLoss(i + 1, self.losses[max(i - 4, 0) : i + 1])
        self.looked_at = len(self.losses)

    def _send(self) -> None:
        """Have the unread losses brought from the device; an NVIDIA GPU does so when it comes to it."""
        losses, shares = (list(parts) for parts in zip(*self.unread, strict=True))
        self.unread.clear()
        values = torch.stack(losses + [part for share in shares for part in share if isinstance(part, Tensor)])
        if not values.is_cuda:
            self._take_in(values, shares)
            return
        stream = torch.cuda.current_stream(values.device)
        values = values.to("cpu", non_blocking=True)
        self.sent = values, shares, stream.record_event()

    def _receive(self) -> None:
        """Take in what was sent; wait for it if need be."""
        if self.sent is not None:
            values, shares, event = self.sent
            event.synchronize()
            self._take_in(values, shares)
            self.sent = None

    def _take_in(self, values: Tensor, shares: list[Share]) -> None:
        """Losses and, behind them, those parts of their shares that were on the device."""
        numbers = values.tolist()
        self.losses += numbers[: len(shares)]
        rest = iter(numbers[len(shares) :])
        self.shares += [tuple(next(rest) if isinstance(part, Tensor) else part for part in share) for share in shares]

    def _read(self) -> None:
        """Bring all losses from the device."""
        self._receive()
        if self.unread:
            self._send()
            self._receive()

    def latest_loss(self, wait: bool) -> float | None:
        """The mean loss of up to `CHECK_EVERY` of the latest batches, or None where none is known yet.

        A CPU knows them all, an NVIDIA GPU those that have arrived. With `wait` it is asked for the others.

        Raises:
            NonFiniteLoss: one of them is NaN or infinite; it names the first such batch.
        """
        if wait or (self.unread and not self.unread[0][0].is_cuda):
            self._read()
            self._look()
        shares = self.shares[-CHECK_EVERY:]
        count = math.fsum(count for _, count in shares)
        if count == 0:
            return None
        losses = self.losses[-CHECK_EVERY:]
        return math.fsum(loss * times for loss, (times, _) in zip(losses, shares, strict=True) if times != 0) / count

    def result(self, device: torch.device, place: str) -> tuple[float, float | None]:
        """Mean loss and accuracy (None where no answer was compared) over all batches of all processes.

        Args:
            device: of the figures, where processes share them.
            place: named in messages, for instance "epoch 2".

        Raises:
            ValueError: no batch was added in any process, or none that counts.
        """
        self._compare()
        self._read()
        sums = [loss * times for loss, (times, _) in zip(self.losses, self.shares, strict=True) if times != 0]
        counts = [count for _, count in self.shares]
        totals = [math.fsum(sums), math.fsum(counts), float(self.correct), float(self.compared), len(self.losses)]
        totals = torch.tensor(totals, dtype=torch.float64)
        loss, count, correct, compared, batches = sum_over_processes(totals, device).tolist()
        if batches == 0:
            raise ValueError(
                f"{place}: the loader gave no batch; check that its data set holds images, drop_last, and that it can "
                "be gone through more than once"
            )
        if count == 0:
            raise ValueError(
                f"{place}: no label counts, so that there is no mean loss: every label is the loss's ignore_index, or "
                "of a class with weight 0. Check the labels, and these options of the loss"
            )
        return loss / count, correct / compared if compared else None


def _are_answers(outputs: object, labels: Tensor) -> bool:
    """Whether the outputs are scores for two classes or more, and the labels class numbers."""
    if not isinstance(outputs, Tensor) or labels.is_floating_point():
        return False
    shape = outputs.shape
    return len(shape) >= 2 and shape[1] >= 2 and shape[:1] + shape[2:] == labels.shape
