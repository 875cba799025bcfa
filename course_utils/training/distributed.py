"""Data-parallel training under ``torchrun``: several processes, one model, each batch divided among them.

Each process holds a copy of the model and takes every size-th image of each batch. The gradients are averaged
before each step, so that all copies take the same step as one process with the whole batch would. That holds to
rounding, and for layers that treat images one by one: batch normalisation uses the statistics of each
process's own part. Source: Li et al. 2020, "PyTorch Distributed: Experiences on Accelerating Data Parallel Training".
"""

import atexit
import os
from collections.abc import Iterator

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DataLoader, DistributedSampler, IterableDataset


def started_by_torchrun() -> bool:
    """Whether this process is one of several that ``torchrun`` started."""
    return dist.is_available() and dist.is_torchelastic_launched()


def local_rank() -> int:
    """This process's number on its machine; 0 without ``torchrun``."""
    return int(os.environ.get("LOCAL_RANK", 0))


def rank() -> int:
    """This process's number among all; 0 without ``torchrun``."""
    return dist.get_rank() if _joined() else 0


def world_size() -> int:
    """How many processes train together; 1 without ``torchrun``."""
    return dist.get_world_size() if _joined() else 1


def _joined() -> bool:
    return dist.is_available() and dist.is_initialized()


def join_processes(device: torch.device) -> None:
    """Meet the other processes, where ``torchrun`` started this one; otherwise do nothing.

    They talk through NCCL on NVIDIA GPUs and gloo elsewhere. Every process but the first moves on to a seed of its own,
    so that dropout and augmentation differ between them.
    """
    if _joined() or not started_by_torchrun():
        return
    if device.type == "cuda":
        torch.cuda.set_device(device)
    dist.init_process_group("nccl" if device.type == "cuda" else "gloo")
    atexit.register(dist.destroy_process_group)
    if rank() > 0:
        torch.manual_seed(torch.initial_seed() + rank())


def sum_over_processes(values: Tensor, device: torch.device) -> Tensor:
    """The elementwise sum of every process's `values`, on the CPU; the values themselves when there is one."""
    if world_size() == 1:
        return values
    total = values.to(device)
    dist.all_reduce(total)
    return total.cpu()


def from_first_process(value: object) -> object:
    """The first process's value, in every process; the others wait for it."""
    if world_size() == 1:
        return value
    box = [value]
    dist.broadcast_object_list(box, src=0)
    return box[0]


def from_every_process(value: object) -> list:
    """Every process's value, by its number; all must call it."""
    if world_size() == 1:
        return [value]
    values = [None] * world_size()
    dist.all_gather_object(values, value)
    return values


class Shard:
    """This process's part of each batch of `loader`.

    The first process decides on the batches of an epoch, and process r of s takes the images r, r+s, r+2s, ...
    of each. In training, a last batch with fewer images than processes is left out.

    Args:
        loader: a `TensorLoader`, or a `DataLoader` over a data set with a length.
        training: whether the network learns from it.

    Attributes:
        weight: this process's part of the current batch, from 0 to 1: by its images, unless `weigh` says otherwise.

    Raises:
        TypeError: `loader` is neither, so that its batches cannot be divided.
        ValueError: a `DistributedSampler` has divided the images already.
    """

    def __init__(self, loader: object, training: bool):
        is_sampled = isinstance(loader, DataLoader) and loader.batch_sampler is not None
        is_sampled = is_sampled and not isinstance(loader.dataset, IterableDataset)
        if not is_sampled and not hasattr(loader, "take"):
            raise TypeError(
                f"under torchrun the batches of a {type(loader).__name__} cannot be divided among the processes; "
                "use a TensorLoader, or a DataLoader over a data set with a length"
            )
        sampler = getattr(loader, "sampler", None)
        if isinstance(sampler, DistributedSampler) and sampler.num_replicas > 1:
            raise ValueError(
                f"a DistributedSampler gives each of {sampler.num_replicas} processes its part of the images, and fit "
                "divides each batch among them by itself. Use DataLoader(data, batch_size, shuffle=True) without it"
            )
        self.loader = loader
        self.training = training
        self.weight: float | Tensor = 1.0

    def __len__(self) -> int:
        """Batches in an epoch, at most."""
        return len(self.loader)

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        """This process's part of the next epoch's batches."""
        batches, seed = from_first_process(self._batches() if rank() == 0 else None)
        if self.training:
            batches = [batch for batch in batches if len(batch) >= world_size()]
        else:
            batches = [batch for batch in batches if len(batch) > rank()]
        parts = [batch[rank() :: world_size()] for batch in batches]
        for batch, part, content in zip(batches, parts, self._contents(parts, seed), strict=True):
            self.weight = len(part) / len(batch)
            yield content

    def weigh(self, times: int | Tensor, count: int | Tensor, is_sum: bool) -> None:
        """Let this process's gradient enter the whole batch's as its loss does; see `losses.Share`.

        Where only the labels tell how much counts, the processes have to ask each other.
        """
        if is_sum:
            self.weight = 1.0
        elif isinstance(count, Tensor):
            total = count.clone()
            dist.all_reduce(total)
            self.weight = times / total.where(total > 0, 1)

    def _batches(self) -> tuple[list, int]:
        """The indices of each whole batch of the next epoch, and a seed for the loader's workers."""
        if not isinstance(self.loader, DataLoader):
            return [batch.cpu() for batch in self.loader.batches()], 0
        # A DataLoader draws its workers' seed before its sampler draws the order. The same here gives the same order.
        seed = int(torch.empty((), dtype=torch.int64).random_(generator=self.loader.generator))
        return list(self.loader.batch_sampler), seed

    def _contents(self, parts: list, seed: int) -> Iterator[tuple[Tensor, Tensor]]:
        """Images and labels of this process's parts."""
        if not isinstance(self.loader, DataLoader):
            return (self.loader.take(part.to(self.loader.device)) for part in parts)
        return iter(
            DataLoader(
                self.loader.dataset,
                batch_sampler=parts,
                num_workers=self.loader.num_workers,
                collate_fn=self.loader.collate_fn,
                pin_memory=self.loader.pin_memory,
                worker_init_fn=self.loader.worker_init_fn,
                generator=torch.Generator().manual_seed(seed + rank()),
            )
        )


def parallel(model: nn.Module, shard: Shard) -> nn.Module:
    """Wrap the model so that the gradient becomes the mean over the whole batch, however it was divided."""
    network = DistributedDataParallel(model)
    network.register_comm_hook(shard, _mean_over_whole_batch)
    return network


def _mean_over_whole_batch(shard: Shard, bucket: dist.GradBucket) -> torch.futures.Future[Tensor]:
    """Sum of each process's mean gradient times its part of the batch (DDP itself assumes equal parts)."""
    gradient = bucket.buffer().mul_(shard.weight)
    return dist.all_reduce(gradient, async_op=True).get_future().then(lambda done: done.value()[0])
