"""The pictures: what is bundled, and how the whole sets are fetched, checked and kept."""

import gzip
import hashlib
import http.server
import io
import json
import multiprocessing
import os
import pickle
import socket
import struct
import subprocess
import sys
import tarfile
import threading
import time
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from course_utils import data
from course_utils.data import bundled_sets, whole_sets

DEBIAN = Path("/usr/share/datasets")
needs_debian = pytest.mark.skipif(
    not (DEBIAN / "fashion-mnist").is_dir(), reason="needs Debian's package dataset-fashion-mnist"
)
needs_fork = pytest.mark.skipif(sys.platform == "win32", reason="the test forks, which Windows cannot")


# The bundled sets

SIZES = {"mnist": (7000, 1500), "fashion-mnist": (10_000, 2000), "cifar-10": (5000, 1000)}


@pytest.fixture(params=data.NAMES)
def name(request):
    return request.param


@pytest.fixture(params=data.SPLITS)
def split(request):
    return request.param


def digests(images):
    return {hashlib.sha256(np.asarray(image).tobytes()).digest() for image in images}


def test_layout_is_torchvisions(name, split):
    bundled = data.load(name, split)
    n = SIZES[name][data.SPLITS.index(split)]
    assert len(bundled) == n
    if name == "cifar-10":
        assert isinstance(bundled.data, np.ndarray)
        assert bundled.data.shape == (n, 32, 32, 3)
        assert bundled.data.dtype == np.uint8
        assert isinstance(bundled.targets, list)
        assert type(bundled.targets[0]) is int
    else:
        assert type(bundled.data) is torch.Tensor
        assert bundled.data.shape == (n, 28, 28)
        assert bundled.data.dtype == torch.uint8
        assert bundled.targets.shape == (n,)
        assert bundled.targets.dtype == torch.int64


def test_items_are_images_and_ints(name):
    bundled = data.load(name, "test")
    image, target = bundled[-1]
    assert isinstance(image, Image.Image)
    assert (image.mode, image.size) == (("RGB", (32, 32)) if name == "cifar-10" else ("L", (28, 28)))
    np.testing.assert_array_equal(np.asarray(image), bundled.data[-1])
    assert type(target) is int
    assert target == int(bundled.targets[-1])
    with pytest.raises(IndexError):
        bundled[len(bundled)]


def test_every_class_has_as_many_images(name, split):
    bundled = data.load(name, split)
    counts = np.bincount(bundled.targets)
    assert counts.tolist() == [len(bundled) // 10] * 10


def test_no_image_is_in_both_splits(name):
    train, test = (digests(data.load(name, split).data) for split in data.SPLITS)
    assert len(train) + len(test) == sum(SIZES[name])  # and none occurs twice
    assert not train & test


def test_classes_are_torchvisions():
    from torchvision import datasets

    assert data.load("mnist", "test").classes == datasets.MNIST.classes
    assert data.load("fashion-mnist", "test").classes == datasets.FashionMNIST.classes
    assert data.load("cifar-10", "test").classes == datasets.FashionMNIST.classes
    assert data.load("fashion-mnist", "test").class_to_idx["Sandal"] == 5


def test_the_stand_in_says_what_it_is():
    bundled = data.load("cifar-10", "test")
    assert "not CIFAR-10 itself" in bundled.description
    assert bundled.description in repr(bundled)
    assert "NOT CIFAR-10" in data.load.__doc__
    assert "CIFAR" not in data.load("mnist", "test").description


def test_transform_can_be_set(name):
    bundled = data.load(name, "test")
    assert bundled.transform is None
    bundled.transform = lambda image: image.size
    assert bundled[0] == ((32, 32) if name == "cifar-10" else (28, 28), int(bundled.targets[0]))


def test_batches(name):
    from torchvision.transforms.functional import to_tensor

    bundled = data.load(name, "test")
    bundled.transform = to_tensor
    images, targets = next(iter(torch.utils.data.DataLoader(bundled, batch_size=4)))
    assert images.shape == ((4, 3, 32, 32) if name == "cifar-10" else (4, 1, 28, 28))
    assert targets.tolist() == list(map(int, bundled.targets[:4]))


def test_loading_gives_copies(name):
    first = data.load(name, "test")
    first.data[0] = 7
    first.classes.clear()
    second = data.load(name, "test")
    assert len(digests([first.data[0], second.data[0]])) == 2
    assert len(second.classes) == 10


def test_loading_takes_less_than_a_second(name):
    start = time.perf_counter()
    for split in data.SPLITS:
        data.load(name, split)
    assert time.perf_counter() - start < 1


def test_import_costs_little_more_than_torch():
    code = """if True:
        import sys, time
        start = time.perf_counter(); import torch
        middle = time.perf_counter(); import course_utils.data
        print((time.perf_counter() - middle) / (middle - start))
        course_utils.data.load("mnist", "test")
        assert "torchvision" not in sys.modules
    """
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert float(answer.stdout) < 0.1


def test_files_are_the_recorded_ones():
    recorded = json.loads((bundled_sets.BUNDLED / "provenance.json").read_text())["files"]
    assert {path.name for path in bundled_sets.BUNDLED.glob("*.npz")} == set(recorded)
    for file, record in recorded.items():
        assert hashlib.sha256((bundled_sets.BUNDLED / file).read_bytes()).hexdigest() == record["sha256"]
    assert sum(path.stat().st_size for path in bundled_sets.BUNDLED.iterdir()) < 20e6


@needs_debian
def test_bundled_garments_are_of_the_same_split_of_the_whole(split):
    whole = data.load("fashion-mnist", split, full=True, root=DEBIAN)
    bundled = data.load("fashion-mnist", split)
    assert len(whole) == {"train": 60_000, "test": 10_000}[split]
    assert digests(bundled.data) < digests(whole.data)
    # The whole set's first item is among the first of its class, so it is the subset's first item too.
    image, target = whole[0]
    ours, our_target = bundled[0]
    assert (target, type(target), image.mode, image.tobytes()) == (our_target, int, ours.mode, ours.tobytes())


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize(
    ("name", "split", "choices"),
    [("cifar10", "train", "'mnist', 'fashion-mnist', 'cifar-10'"), ("mnist", "val", "'train', 'test'")],
)
def test_unknown_names_are_told_the_choices(name, split, choices, full):
    with pytest.raises(ValueError, match=choices):
        data.load(name, split, full=full)


# Where the whole sets are kept


def test_default_root(monkeypatch, tmp_path):
    for variable in ("COURSE_DATA", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    assert data.default_root() == Path.home() / ".cache" / "convnet-course"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    assert data.default_root() == tmp_path / "xdg" / "convnet-course"
    monkeypatch.setattr(sys, "platform", "win32")
    assert data.default_root() == tmp_path / "local" / "convnet-course"
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "chosen"))
    assert data.default_root() == tmp_path / "chosen"


# The whole sets, from a server on this machine. MNIST and CIFAR-10 are replaced by sets of a few images in their
# own file formats, and torchvision's addresses and checksums by theirs; all else is torchvision's own code.


class Server:
    """Serves `files` (name to bytes) over HTTP, well or badly: see `mode`."""

    def __init__(self, files):
        self.files = files
        self.mode = "right"
        self.half_sent = threading.Event()  # set when a stalling answer has stopped
        self.release = threading.Event()  # ends stalling answers
        self.httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.url = f"http://127.0.0.1:{self.httpd.server_port}/"
        threading.Thread(target=self.httpd.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def handler(self):
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                content = server.files[self.path.lstrip("/")]
                half = len(content) // 2
                if server.mode == "missing":
                    self.send_error(404)
                    return
                self.send_response(200)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                if server.mode == "right":
                    self.wfile.write(content)
                elif server.mode == "corrupt":
                    self.wfile.write(content[:half] + bytes([content[half] ^ 1]) + content[half + 1 :])
                elif server.mode == "truncated":
                    self.wfile.write(content[:half])
                elif server.mode == "stalling":
                    self.wfile.write(content[:half])
                    server.half_sent.set()
                    server.release.wait(30)

            def log_message(self, *args):
                pass

        return Handler

    def close(self):
        self.release.set()
        self.httpd.shutdown()
        self.httpd.server_close()


def md5(content):
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def tiny_mnist(monkeypatch, images):
    """Three training and two test digits in MNIST's format; returns the packed files."""
    from torchvision import datasets

    unpacked = {}
    for stem, part in (("train", images[:3]), ("t10k", images[3:])):
        unpacked[f"{stem}-images-idx3-ubyte"] = struct.pack(">4i", 0x803, len(part), 28, 28) + part.tobytes()
        unpacked[f"{stem}-labels-idx1-ubyte"] = struct.pack(">2i", 0x801, len(part)) + bytes(range(len(part)))
    packed = {f"{file}.gz": gzip.compress(content, mtime=0) for file, content in unpacked.items()}
    monkeypatch.setattr(datasets.MNIST, "resources", [(file, md5(content)) for file, content in packed.items()])
    monkeypatch.setitem(whole_sets._UNPACKED_MD5, "MNIST", {file: md5(content) for file, content in unpacked.items()})
    return packed


def tiny_cifar(monkeypatch, images):
    """Three training and two test pictures in CIFAR-10's format; returns the packed file."""
    from torchvision import datasets

    unpacked = {"batches.meta": pickle.dumps({"label_names": ["airplane", "automobile"]})}
    for file, part in (("data_batch_1", images[:3]), ("test_batch", images[3:])):
        planes = part.transpose(0, 3, 1, 2).reshape(len(part), -1)
        unpacked[file] = pickle.dumps({"data": planes, "labels": list(range(len(part)))})
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for file, content in unpacked.items():
            member = tarfile.TarInfo(f"cifar-10-batches-py/{file}")
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    sums = {file: md5(content) for file, content in unpacked.items()}
    monkeypatch.setattr(datasets.CIFAR10, "train_list", [["data_batch_1", sums["data_batch_1"]]])
    monkeypatch.setattr(datasets.CIFAR10, "test_list", [["test_batch", sums["test_batch"]]])
    monkeypatch.setattr(datasets.CIFAR10, "meta", {**datasets.CIFAR10.meta, "md5": sums["batches.meta"]})
    monkeypatch.setattr(datasets.CIFAR10, "tgz_md5", md5(buffer.getvalue()))
    return {datasets.CIFAR10.filename: buffer.getvalue()}


class Source:
    """A tiny whole set, the server that has it, and the images that must come out."""

    def __init__(self, monkeypatch, name):
        from torchvision import datasets

        rng = np.random.default_rng(0)
        self.name = name
        if name == "mnist":
            self.images = rng.integers(256, size=(5, 28, 28), dtype=np.uint8)
            self.packed = tiny_mnist(monkeypatch, self.images)
            self.server = Server(self.packed)
            monkeypatch.setattr(datasets.MNIST, "mirrors", [self.server.url])
            self.unpacked_file = Path("MNIST", "raw", "train-images-idx3-ubyte")
        else:
            self.images = rng.integers(256, size=(5, 32, 32, 3), dtype=np.uint8)
            self.packed = tiny_cifar(monkeypatch, self.images)
            self.server = Server(self.packed)
            monkeypatch.setattr(datasets.CIFAR10, "url", self.server.url + datasets.CIFAR10.filename)
            self.unpacked_file = Path("cifar-10-batches-py", "data_batch_1")

    def load_and_check(self, root):
        for split, images in (("train", self.images[:3]), ("test", self.images[3:])):
            whole = data.load(self.name, split, full=True, root=root)
            np.testing.assert_array_equal(whole.data, images)
            assert [target for _, target in whole] == list(range(len(images)))
            assert Path(whole.root) == root
            assert "whole" in whole.description


@pytest.fixture(params=["mnist", "cifar-10"])
def source(request, monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr(whole_sets, "TIMEOUT", 0.3)
    source = Source(monkeypatch, request.param)
    yield source
    source.server.close()


def test_download_is_kept(source, tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "new" / "folder"))
    first = data.load(source.name, "test", full=True)
    np.testing.assert_array_equal(first.data, source.images[3:])
    source.server.mode = "missing"
    source.load_and_check(tmp_path / "new" / "folder")
    assert [path.name for path in (tmp_path / "new" / "folder").iterdir()] == [source.unpacked_file.parts[0]]


@pytest.mark.parametrize("mode", ["missing", "truncated", "corrupt", "stalling"])
def test_bad_download_is_never_taken_for_data(source, tmp_path, mode):
    source.server.mode = mode
    start = time.perf_counter()
    with pytest.raises(RuntimeError) as failure:
        data.load(source.name, "train", full=True, root=tmp_path)
    assert time.perf_counter() - start < 5
    assert "could not be downloaded" in str(failure.value)
    assert list(tmp_path.iterdir()) == []
    assert socket.getdefaulttimeout() is None
    source.server.mode = "right"
    source.load_and_check(tmp_path)


def test_unreachable_host_names_the_offline_way(source, tmp_path):
    source.server.close()
    with pytest.raises(RuntimeError) as failure:
        data.load(source.name, "train", full=True, root=tmp_path)
    for file in source.packed:
        assert file in str(failure.value)
    assert str(tmp_path / source.name) in str(failure.value)
    assert "full=False" in str(failure.value)

    # ... and the offline way works.
    (tmp_path / source.name).mkdir()
    for file, content in source.packed.items():
        (tmp_path / source.name / file).write_bytes(content)
    source.load_and_check(tmp_path)
    source.load_and_check(tmp_path / source.name)
    assert [path.name for path in tmp_path.iterdir()] == [source.name]


def test_unreachable_host_names_debians_package(tmp_path, monkeypatch):
    from torchvision import datasets

    with socket.socket() as unused:  # bound and not listening: connections are refused
        unused.bind(("127.0.0.1", 0))
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        monkeypatch.setattr(datasets.FashionMNIST, "mirrors", [f"http://127.0.0.1:{unused.getsockname()[1]}/"])
        with pytest.raises(RuntimeError, match="apt install dataset-fashion-mnist"):
            data.load("fashion-mnist", "train", full=True, root=tmp_path)


@pytest.mark.parametrize("cut", [slice(None, 20), slice(None, -1), slice(0)], ids=["start", "all but 1", "nothing"])
def test_truncated_unpacked_file_is_fetched_again(source, tmp_path, cut):
    source.load_and_check(tmp_path)
    file = tmp_path / source.unpacked_file
    file.write_bytes(file.read_bytes()[cut])
    source.load_and_check(tmp_path)

    file.write_bytes(file.read_bytes()[cut])
    source.server.mode = "missing"
    with pytest.raises(RuntimeError, match="could not be downloaded"):
        data.load(source.name, "train", full=True, root=tmp_path)


@pytest.mark.parametrize("damage", ["truncated", "flipped bit", "not packed"])
def test_damaged_packed_file_is_named(source, tmp_path, damage):
    for file, content in source.packed.items():
        (tmp_path / file).write_bytes(content)
    damaged = tmp_path / next(iter(source.packed))
    content = bytearray(damaged.read_bytes())
    if damage == "truncated":
        del content[len(content) // 2 :]
    elif damage == "flipped bit":
        content[len(content) // 2] ^= 1
    else:
        content = b"<html>404</html>"
    damaged.write_bytes(content)
    with pytest.raises(RuntimeError, match=r"[Rr]eplace") as failure:
        data.load(source.name, "train", full=True, root=tmp_path)
    assert str(tmp_path) in str(failure.value)
    assert damaged.stem.removesuffix(".tar") in str(failure.value) or "data_batch_1" in str(failure.value)


@pytest.mark.parametrize("source", ["mnist"], indirect=True)
def test_files_of_another_set_are_not_taken(source, tmp_path):
    """MNIST's and FashionMNIST's files have the same names."""
    for file, content in source.packed.items():
        (tmp_path / file).write_bytes(content)
    with pytest.raises(RuntimeError, match="does not hold FashionMNIST"):
        data.load("fashion-mnist", "train", full=True, root=tmp_path)


@needs_fork
def test_two_processes_at_once(source, tmp_path):
    fork = multiprocessing.get_context("fork")
    processes = [fork.Process(target=source.load_and_check, args=(tmp_path,)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(30)
    assert [process.exitcode for process in processes] == [0, 0, 0]
    source.server.mode = "missing"
    source.load_and_check(tmp_path)


@needs_fork
def test_killed_download_leaves_nothing_that_is_taken_for_data(source, tmp_path, monkeypatch):
    monkeypatch.setattr(whole_sets, "TIMEOUT", 30)
    source.server.mode = "stalling"
    process = multiprocessing.get_context("fork").Process(target=source.load_and_check, args=(tmp_path,))
    process.start()
    assert source.server.half_sent.wait(20)
    os.kill(process.pid, 9)
    process.join(20)
    source.server.mode = "missing"
    with pytest.raises(RuntimeError, match="could not be downloaded"):
        data.load(source.name, "train", full=True, root=tmp_path)
    source.server.mode = "right"
    source.load_and_check(tmp_path)


@needs_debian
def test_real_fashion_mnist_by_torchvisions_own_checksums(tmp_path, monkeypatch):
    """Debian's files are the original ones less the name and time in the gzip header; with them put back,
    they have the checksums that torchvision asks for, so nothing is replaced here but the address."""
    from torchvision import datasets

    packed = {}
    for file, _ in datasets.FashionMNIST.resources:
        packed_at = 1504176606 if file.startswith("train") else 1504176627
        header = b"\x1f\x8b\x08\x08" + struct.pack("<I", packed_at) + b"\0\3" + file.removesuffix(".gz").encode()
        packed[file] = header + b"\0" + (DEBIAN / "fashion-mnist" / file).read_bytes()[10:]
    server = Server(packed)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr(datasets.FashionMNIST, "mirrors", [server.url])
    try:
        downloaded = data.load("fashion-mnist", "test", full=True, root=tmp_path)
    finally:
        server.close()
    kept = data.load("fashion-mnist", "test", full=True, root=tmp_path)
    offline = data.load("fashion-mnist", "test", full=True, root=DEBIAN)
    for whole in (downloaded, kept):
        assert torch.equal(whole.data, offline.data)
        assert torch.equal(whole.targets, offline.targets)
