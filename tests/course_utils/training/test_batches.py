"""What a loader may give: with a length or without, and batches that are no pair of tensors are named."""

from collections import UserDict

import numpy as np
import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader, IterableDataset, TensorDataset

from course_utils.training import evaluate
from course_utils.training.batches import count_batches
from course_utils.training.cuda_graph import records
from course_utils.training.distributed import Shard
from tests.course_utils.training.small_training import same_weights, small_images, small_loader, small_net, train


class Stream(IterableDataset):
    """Images one by one."""

    def __init__(self, count=12):
        self.count = count

    def __iter__(self):
        images, labels = small_images(self.count)
        return iter(zip(images / 255, labels, strict=True))


class StreamWithLength(Stream):
    def __len__(self):
        return self.count


class OnlyIterates:
    def __init__(self, batches):
        self.batches = batches

    def __iter__(self):
        return iter(self.batches)


class UnknownLength(OnlyIterates):
    """A loader that says when asked that it cannot tell its length, by one of the errors that Python knows for that."""

    def __init__(self, batches, error):
        super().__init__(batches)
        self.error = error

    def __len__(self):
        raise self.error("how many batches there are shows only at the end")


def pairs():
    images, labels = small_images(12)
    return list(zip((images / 255).split(5), labels.split(5), strict=True))


LOADERS = {
    "list": (pairs, 3),
    "tuple": (lambda: tuple(pairs()), 3),
    "lists in a list": (lambda: [list(batch) for batch in pairs()], 3),
    "DataLoader": (lambda: DataLoader(TensorDataset(small_images(12)[0] / 255, small_images(12)[1]), 5), 3),
    "stream": (lambda: DataLoader(Stream(), 5), None),
    "stream with a length": (lambda: DataLoader(StreamWithLength(), 5), 3),
    "stream of batches": (lambda: DataLoader(Batches(), batch_size=None), None),
    "only __iter__": (lambda: OnlyIterates(pairs()), None),
    "a length that nobody knows": (lambda: UnknownLength(pairs(), NotImplementedError), None),
    "a length that is refused": (lambda: UnknownLength(pairs(), TypeError), None),
}


class Batches(IterableDataset):
    def __iter__(self):
        return iter(pairs())


@pytest.mark.parametrize("kind", LOADERS)
def test_each_kind_of_loader_trains_the_same(kind, capsys):
    make, length = LOADERS[kind]
    ours, theirs, loader = small_net(), small_net(), make()
    assert count_batches(loader) == length
    history = train(ours, loader, loader, epochs=2, progress=True)
    expected = train(theirs, pairs(), pairs(), epochs=2)
    assert same_weights(ours, theirs)
    assert history["val_loss"] == expected["val_loss"]
    assert evaluate(ours, loader, nn.CrossEntropyLoss(), device="cpu").loss == history["val_loss"][-1]
    assert ("6/6" if length else "6step") in capsys.readouterr().out


def test_a_step_may_be_recorded_without_a_length():
    assert records(None, small_net(), torch.device("cuda"), DataLoader(Stream(), 5), 1, False)


def test_a_stream_cannot_be_shared_out():
    for stream in (Stream(), StreamWithLength()):
        with pytest.raises(TypeError, match="batches of a DataLoader cannot be divided"):
            Shard(DataLoader(stream, 5), training=True)


IMAGES, LABELS = torch.zeros(4, 1, 6, 8), torch.zeros(4, dtype=torch.int64)


@pytest.mark.parametrize(
    ("batch", "message"),
    [
        (
            {"image": IMAGES, "label": LABELS},
            r"is a dict with the keys 'image', 'label'\. .*collate_fn that returns",
        ),
        (UserDict(image=IMAGES), r"is a UserDict with the keys 'image'"),
        ((IMAGES, LABELS, LABELS), r"is a tuple of 3 \(Tensor, Tensor, Tensor\)\. .*collate_fn"),
        ([IMAGES], r"is a list of 1 \(Tensor\)"),
        (IMAGES, r"is a tensor of shape \(4, 1, 6, 8\).*\[\(images, labels\)\]"),
        (IMAGES[:2], r"is a tensor of shape \(2, 1, 6, 8\)"),  # two rows are no pair
        (np.zeros((2, 3)), r"is a ndarray of shape \(2, 3\)"),
        ("ab", "is a str"),
        (None, "is a NoneType"),
        ((list(IMAGES), LABELS), r"one of them is a list: the images are a list of 4 .*torch\.stack"),
        ((IMAGES, [0, 1, 2, 0]), r"one of them is a list: the labels are a list of 4 .*torch\.tensor\(labels\)"),
        ((IMAGES.numpy(), LABELS), r"one of them is a ndarray: the images are a ndarray of shape .*from_numpy"),
        ((IMAGES, LABELS.numpy()), r"one of them is a ndarray: the labels are .*from_numpy"),
        (
            (IMAGES, {"boxes": LABELS}),
            r"the labels are a dict with the keys 'boxes'\. Choose one part",
        ),
        ((IMAGES, 3), r"one of them is a int: the labels are a int"),
        ((IMAGES[0], torch.tensor(3)), r"its labels are a single number, 3, .*DataLoader"),
    ],
)
def test_a_batch_that_is_no_pair_of_tensors(batch, message):
    with pytest.raises(TypeError, match=message):
        train(small_net(), [batch])
    with pytest.raises(TypeError, match=message):
        train(small_net(), small_loader(), [batch])
    with pytest.raises(TypeError, match=message):
        evaluate(small_net(), [batch], nn.CrossEntropyLoss(), device="cpu")


def test_what_is_no_loader():
    with pytest.raises(TypeError, match=r"train is a int; give a DataLoader"):
        train(small_net(), 5)
    with pytest.raises(TypeError, match="single number"):
        train(small_net(), TensorDataset(*small_images(4)))  # a data set gives single images
    with pytest.raises(ValueError, match="train is a zip, which is empty after one pass"):
        train(small_net(), zip(*small_images(4), strict=True))


def test_a_stream_that_can_be_read_once_only():
    class Once(IterableDataset):
        def __init__(self):
            self.items = iter(Stream())

        def __iter__(self):
            return self.items

    with pytest.raises(ValueError, match=r"gave no batch.*gone through more than once"):
        train(small_net(), DataLoader(Once(), 4), epochs=2)
